/** A server on localhost that knows a fixed set of paths, so that the page under test can fetch nothing else. */
import { createServer } from "node:http";

/**
 * @param {Record<string, { type: string, body: string | Uint8Array }>} contents by path, for example "/verify.js"
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function servePage(contents) {
  const server = createServer((request, response) => {
    const found = contents[request.url ?? ""];
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": found.type }).end(found.body);
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
