/**
 * Node's options for every process that ingests: a young heap held small is as large after a megabyte of input as
 * after a terabyte. Parsing is as fast with it.
 */
export const ingestFlags = ["--max-semi-space-size=4"];
