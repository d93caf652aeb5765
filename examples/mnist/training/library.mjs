/** A module of the built library, for example `library("data/idx.js")`. */
export async function library(path) {
  try {
    return await import(new URL(`../../../dist/${path}`, import.meta.url).href);
  } catch (cause) {
    throw new Error("the library is not built: run `npm run build` in the root of the repository first", {
      cause,
    });
  }
}
