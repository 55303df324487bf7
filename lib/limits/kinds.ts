import type { Env } from "../env.ts";

interface Kind {
  /** Its name in the headers. */
  policy: string;
  seconds: number;
  points(env: Env): number;
  done(limit: string, window: string): string;
}

/** Everything that is counted, by person but for sign-in, which is counted by network address. */
export const limitKinds = {
  request: {
    policy: "requests",
    seconds: 60,
    points: (env) => env.REQUEST_LIMIT_PER_MINUTE ?? 10 * env.RATE_LIMIT_PER_MINUTE,
    done: (limit, window) => `You have sent ${limit} requests within ${window}.`,
  },
  question: {
    policy: "questions",
    seconds: 60,
    points: (env) => env.RATE_LIMIT_PER_MINUTE,
    done: (limit, window) => `You have asked ${limit} questions within ${window}.`,
  },
  search: {
    policy: "searches",
    seconds: 60,
    points: (env) => env.SEARCH_LIMIT_PER_MINUTE,
    done: (limit, window) => `You have searched ${limit} times within ${window}.`,
  },
  export: {
    policy: "exports",
    seconds: 3600,
    points: (env) => env.EXPORT_LIMIT_PER_HOUR,
    done: (limit, window) => `You have exported ${limit} times within ${window}.`,
  },
  upload: {
    policy: "uploads",
    seconds: 3600,
    points: (env) => env.UPLOAD_FILES_PER_HOUR,
    done: (limit, window) => `You have sent ${limit} files within ${window}.`,
  },
  uploadMegabytes: {
    policy: "upload-megabytes",
    seconds: 3600,
    points: (env) => env.UPLOAD_MB_PER_HOUR,
    done: (limit, window) => `You have sent ${limit} MB within ${window}.`,
  },
  signIn: {
    policy: "sign-in",
    seconds: 60,
    points: (env) => env.SIGN_IN_LIMIT_PER_MINUTE,
    done: (limit, window) => `There were ${limit} attempts from your network address within ${window}.`,
  },
} as const satisfies Record<string, Kind>;

export type LimitKind = keyof typeof limitKinds;
