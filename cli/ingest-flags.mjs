/**
 * Node's options for every process that ingests. A young heap held small, and an old one that grows by a fifth between
 * collections instead of doubling, are as large after a megabyte of input as after a terabyte. Parsing is as fast.
 */
export const ingestFlags = ["--max-semi-space-size=4", "--heap-growing-percent=20"];
