/** Tenants: their settings, choosing among one's own, adding one. */
export { addTenant } from "./add.ts";
export { chooseTenant, listOwnTenants } from "./choose.ts";
export { grantTenantDomain } from "./grant-domain.ts";
export { changeTenantSettings, getTenantSettings, type TenantSettings } from "./settings.ts";
