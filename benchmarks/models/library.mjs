/** The built library, and small arithmetic on measurements. */
export const library = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

export const round = (value, digits = 1) => Number(value.toFixed(digits));

/** Peak resident memory of this process so far. */
export const peakRssBytes = () => process.resourceUsage().maxRSS * 1024;
