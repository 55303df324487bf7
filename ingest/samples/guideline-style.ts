/** Colours of the sample guidelines. */
export const ink = "#1b2733";
export const accent = "#0f4c5c";
export const rule = "#9fb3bb";
