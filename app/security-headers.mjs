const development = process.env.NODE_ENV === "development";

/** By this request header the front door says that it has seen a request; what it has not seen gets no scripts. */
export const doorHeader = "x-probatum-door";

/**
 * What a page may load: itself. Scripts run by the page's nonce, and what these load themselves. `style-src-attr` stays
 * open because pages arrive with measures in style attributes (a PDF's page boxes, indents, bars of plots), which no nonce
 * can cover; style elements need the nonce. Development tools need eval and styles of their own.
 * @param {string} nonce
 * @param {boolean} isSecure whether the site is only reached by TLS
 */
export function pagePolicy(nonce, isSecure = false) {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(isSecure ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}

/** Answers of routes are data: opened as a page they do nothing. */
export const dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/** Sign-in goes to identity providers and back, by redirections and forms that they make. */
export const signInPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/** The PDF viewer's worker, which has a policy of its own: its image decoders are WebAssembly. */
export const workerPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

export const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  {
    key: "Permissions-Policy",
    value:
      "accelerometer=(), bluetooth=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()",
  },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "Origin-Agent-Cluster", value: "?1" },
  { key: "X-Permitted-Cross-Domain-Policies", value: "none" },
];

/** A year, for the host that was asked and names below it. Only behind TLS: elsewhere it would lock people out. */
export const strictTransport = { key: "Strict-Transport-Security", value: "max-age=31536000; includeSubDomains" };
