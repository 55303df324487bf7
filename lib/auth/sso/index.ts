/** Single sign-on by the identity providers of tenants. */
export { requireOwnCredentials } from "./own-credentials.ts";
export {
  addDomain,
  addProvider,
  grantDomain,
  listSingleSignOn,
  type ProviderView,
  removeProvider,
  type SingleSignOnView,
  testProvider,
  verifyDomain,
} from "./providers.ts";
