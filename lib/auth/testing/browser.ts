import { randomInt } from "node:crypto";
import type { Deps } from "../../deps.ts";
import { toResponse } from "../../errors.ts";
import { authHandler } from "../index.ts";

/** Keeps cookies as a browser does and asks `/api/auth/*`. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  readonly #deps: Deps;
  readonly #address: string;
  readonly #origin: string;

  constructor(deps: Deps, address = someAddress()) {
    this.#deps = deps;
    this.#address = address;
    this.#origin = new URL(deps.env.PUBLIC_URL ?? `http://localhost:${deps.env.PORT}`).origin;
  }

  get headers(): Headers {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return new Headers({
      ...(cookie && { cookie }),
      origin: this.#origin,
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
      "x-forwarded-for": this.#address,
    });
  }

  async ask(method: string, path: string, body?: object): Promise<Response> {
    const headers = this.headers;
    if (body) headers.set("content-type", "application/json");
    const request = new Request(`${this.#origin}/api/auth${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const response = await authHandler(this.#deps)(request).catch(toResponse);
    this.take(response.headers.getSetCookie());
    return response;
  }

  take(cookies: string[]): void {
    for (const cookie of cookies) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "" || /max-age=0\b/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  signIn(email: string, password: string): Promise<Response> {
    return this.ask("POST", "/sign-in/email", { email, password });
  }
}

/** Of the range for documentation: what is counted by address is counted for one browser of one run. */
function someAddress(): string {
  const [one, two] = [randomInt(0xffff), randomInt(0xffff)].map((part) => part.toString(16));
  return `2001:db8:${one}:${two}::1`;
}
