/** Sign-in (better-auth over our tables), who asks, and what people do with their own accounts. */
export { changePassword } from "./change-password.ts";
export { addUserWithPassword, dropSecondFactor, replacePassword } from "./generated-password.ts";
export { authHandler, isForeignByDesign, reachable } from "./handler.ts";
export { type Lockout, openLockout, TooManyTriesError } from "./lockout.ts";
export { type Auth, openAuth } from "./open-auth.ts";
export { addPasskey, listPasskeys, type PasskeyView, removePasskey, renamePasskey, startPasskey } from "./passkeys.ts";
export { checkPassword } from "./password-policy.ts";
export { requestReset, resetPassword } from "./reset-password.ts";
export {
  confirmSecondFactor,
  renewBackupCodes,
  type SecondFactorStart,
  startSecondFactor,
  stopSecondFactor,
} from "./second-factor.ts";
export { listSessions, revokeOtherSessions, revokeSession, type SessionView } from "./sessions.ts";
export { signInWaysOf } from "./sign-in-ways.ts";
export { verifyEmail } from "./verify-email.ts";
export {
  findSession,
  findViewer,
  firstStepOf,
  readSession,
  requireSession,
  requireViewer,
  type SignedInSession,
  type Viewer,
  viewerOf,
} from "./viewer.ts";
