import { type Permission, rolesWith } from "#lib/auth/permissions.ts";
import { type Person, people, roleOf } from "#lib/testing/access-world.ts";

export interface Row {
  /** Who is let in. All others are refused: those who are not signed in by 401, the rest by 403 or 404. */
  may: readonly Person[];
  /** Sent with a call that is refused, so that it is the caller who is wrong and not the body. */
  body?: unknown;
  /** Let in, they get what is theirs: nothing of the other tenant's stands in it. Given for lists and for one's own. */
  own?: true;
  /** How those who are not signed in are refused, if not by 401. */
  anonymousIs?: number;
}

const signedIn = people.filter((person) => person !== "anonymous" && person !== "disabled");
const anybody: Row = { may: people, own: true };
const oneself = (body?: unknown): Row => ({ may: signedIn, own: true, body });
const participants = (body?: unknown): Row => ({ may: ["participant"], body });

/** Of the tenant, by role. */
const holders = (permission: Permission): Person[] =>
  signedIn.filter(
    (person) => person !== "stranger" && rolesWith(permission).includes(roleOf[person as keyof typeof roleOf]),
  );
/** A thing of the tenant: for the holders of a permission, and not found by another tenant's. */
const held = (permission: Permission, body?: unknown): Row => ({ may: holders(permission), body });
/** A list, or what is made anew: another tenant's holders get their own. */
const listed = (permission: Permission, body?: unknown): Row => ({
  may: [...holders(permission), "stranger"],
  own: true,
  body,
});

const reason = { kind: "complaint", text: "Somebody complained of it." };
const source = { kind: "pubmed-query", query: "x" };
const question = { question: "May I?", collections: [] };

/** Every route with every method; `access.test.ts` fails for one that has no row here, and for a row without a route. */
export const rows: Record<string, Row> = {
  "GET /api/health": anybody,
  "GET /pdfjs/[...path]": anybody,
  // What an address is signed for is decided by its signature; one of somebody's making is not found.
  "GET /files/[token]": { may: [], anonymousIs: 404 },

  "GET /api/auth/[...all]": anybody,
  "POST /api/auth/[...all]": anybody,
  "POST /api/account/forgotten": anybody,
  "POST /api/account/reset": anybody,
  "POST /api/account/verify": anybody,
  "POST /api/account/password": oneself({ current: "x", next: "y" }),
  "POST /api/account/passkeys": oneself({}),
  "POST /api/account/passkeys/start": oneself({ password: "x" }),
  "PATCH /api/account/passkeys/[id]": participants({ name: "Mine" }),
  "DELETE /api/account/passkeys/[id]": participants(),
  "POST /api/account/second-factor": oneself({ password: "x" }),
  "PUT /api/account/second-factor": oneself({ code: "1" }),
  "DELETE /api/account/second-factor": oneself({ password: "x" }),
  "POST /api/account/second-factor/codes": oneself({ password: "x" }),
  "DELETE /api/account/sessions": oneself(),
  "DELETE /api/account/sessions/[id]": participants(),
  "POST /api/invitations": anybody,
  "POST /api/invitations/accept": oneself({ secret: "x".repeat(43) }),
  "GET /api/identifier-policy": oneself(),
  "GET /api/tenants": oneself(),
  "POST /api/tenants": oneself({ tenantId: "" }),

  "GET /api/collections": oneself(),
  "GET /api/colleagues": oneself(),
  "GET /api/search": oneself(),
  "GET /api/documents/[id]": { may: signedIn.filter((person) => person !== "stranger") },
  "GET /api/documents/[id]/original": { may: signedIn.filter((person) => person !== "stranger") },
  "POST /api/join": oneself({ secret: "x".repeat(43) }),

  "GET /api/conversations": oneself(),
  "POST /api/conversations": listed("ask", { title: "Mine" }),
  "POST /api/chat": listed("ask", question),
  "GET /api/conversations/[id]": participants(),
  "PATCH /api/conversations/[id]": participants({ title: "Mine" }),
  "DELETE /api/conversations/[id]": participants(),
  "POST /api/conversations/[id]/restore": participants(),
  "GET /api/conversations/[id]/events": participants(),
  "GET /api/conversations/[id]/export": participants(),
  "GET /api/conversations/[id]/messages": participants(),
  "POST /api/conversations/[id]/messages": participants(question),
  "GET /api/conversations/[id]/messages/[messageId]/receipt": participants(),
  "POST /api/conversations/[id]/messages/[messageId]/stop": participants(),
  "POST /api/conversations/[id]/messages/[messageId]/regenerate": participants(),
  "PUT /api/conversations/[id]/messages/[messageId]/feedback": participants({
    kind: "helpful",
    note: "",
    sentenceIndex: null,
  }),
  "DELETE /api/conversations/[id]/messages/[messageId]/feedback": participants({ sentenceIndex: null }),
  "GET /api/conversations/[id]/participants": participants(),
  "POST /api/conversations/[id]/participants": participants({ email: "somebody@example.org", role: "reader" }),
  "PATCH /api/conversations/[id]/participants/[personId]": participants({ role: "reader" }),
  "DELETE /api/conversations/[id]/participants/[personId]": participants(),
  "GET /api/conversations/[id]/links": participants(),
  "POST /api/conversations/[id]/links": participants({ role: "reader", days: 7 }),
  "DELETE /api/conversations/[id]/links/[linkId]": participants(),
  "PUT /api/conversations/[id]/labels": participants({ labels: ["a"] }),
  "PUT /api/conversations/[id]/pin": participants(),
  "DELETE /api/conversations/[id]/pin": participants(),
  "POST /api/conversations/[id]/presence": participants({ asking: true }),
  "POST /api/conversations/[id]/read": participants({ sequenceId: 1 }),

  "GET /api/admin/collections": listed("collections.curate"),
  "POST /api/admin/collections": listed("collections.curate", { title: "Ours", sourceType: "guideline" }),
  "GET /api/admin/collections/[slug]": held("collections.curate"),
  "POST /api/admin/collections/[slug]/runs": held("collections.curate", {
    request: source,
  }),
  // Of a collection that is not one's own: none.
  "GET /api/admin/collections/[slug]/schedules": listed("collections.curate"),
  "POST /api/admin/collections/[slug]/schedules": held("collections.curate", {
    request: source,
    cron: "0 3 * * *",
    timeZone: "UTC",
  }),
  "POST /api/admin/collections/[slug]/spaces": held("collections.curate", {
    provider: "local",
    model: "all-MiniLM-L6-v2",
    dimensions: 384,
  }),
  "DELETE /api/admin/collections/[slug]/spaces/[space]": held("collections.curate"),
  "POST /api/admin/collections/[slug]/spaces/[space]/activate": held("collections.curate"),
  "POST /api/admin/collections/[slug]/spaces/rollback": held("collections.curate"),
  "POST /api/admin/collections/[slug]/uploads": held("collections.curate"),
  "PUT /api/admin/collections/[slug]/uploads/[upload]/files": held("collections.curate"),
  "POST /api/admin/collections/[slug]/uploads/[upload]/run": held("collections.curate"),
  "GET /api/admin/runs": listed("collections.curate"),
  "GET /api/admin/runs/[id]": held("collections.curate"),
  "GET /api/admin/runs/[id]/failures": held("collections.curate"),
  "GET /api/admin/runs/[id]/files": held("collections.curate"),
  "POST /api/admin/runs/[id]/cancel": held("collections.curate"),
  "POST /api/admin/runs/[id]/pause": held("collections.curate"),
  "POST /api/admin/runs/[id]/resume": held("collections.curate"),
  "POST /api/admin/runs/[id]/retry": held("collections.curate"),
  "GET /api/admin/schedules/[id]": held("collections.curate"),
  "PATCH /api/admin/schedules/[id]": held("collections.curate", { enabled: false }),
  "DELETE /api/admin/schedules/[id]": held("collections.curate"),
  "GET /api/admin/marked-answers": listed("collections.curate"),
  "GET /api/admin/feedback": listed("feedback.review"),
  "PATCH /api/admin/feedback/[id]": held("feedback.review", { resolved: true }),
  "GET /api/admin/feedback/cases": listed("feedback.review"),

  "GET /api/admin/people": listed("people.manage"),
  "POST /api/admin/people": listed("people.manage", { email: "new@example.org", role: "clinician" }),
  "PATCH /api/admin/people/[id]": held("people.manage", { disabled: true }),
  "DELETE /api/admin/people/[id]": held("people.manage"),
  "POST /api/admin/people/invitations/[id]": held("people.manage"),
  "DELETE /api/admin/people/invitations/[id]": held("people.manage"),
  "GET /api/admin/settings": listed("tenant.settings"),
  "PATCH /api/admin/settings": listed("tenant.settings", { name: "Ours" }),
  "GET /api/admin/settings/single-sign-on": listed("tenant.settings"),
  "POST /api/admin/settings/single-sign-on": listed("tenant.settings", {
    kind: "oidc",
    issuer: "https://identity.example.org",
    clientId: "x",
    clientSecret: "y",
    defaultRole: "clinician",
  }),
  "POST /api/admin/settings/single-sign-on/[id]": held("tenant.settings"),
  "DELETE /api/admin/settings/single-sign-on/[id]": held("tenant.settings"),
  "POST /api/admin/settings/single-sign-on/domains": listed("tenant.settings", { domain: "example.org" }),
  "PUT /api/admin/settings/single-sign-on/domains": listed("tenant.settings", { domain: "example.org" }),
  "GET /api/admin/budgets": listed("tenant.settings"),
  // Read only after a reason was given, by whom it was given; nobody here has given one.
  "GET /api/admin/archive/[id]": { may: [] },
  "GET /api/admin/archive": listed("archive.read"),
  "POST /api/admin/archive/[id]/open": held("archive.read", reason),
  "PATCH /api/admin/archive/[id]": held("archive.manage", { change: { action: "archive" }, reason }),
  "POST /api/admin/archive/changes": listed("archive.manage", { filter: {}, change: { action: "archive" }, reason }),
  "POST /api/admin/archive/exports": listed("archive.manage", {
    filter: {},
    format: "csv",
    reason: "asked for by law",
  }),
  "GET /api/admin/archive/jobs": listed("archive.read"),
  // A job is its asker's alone, as long as they hold the permission.
  "GET /api/admin/archive/jobs/[id]/file": { may: [] },
  "DELETE /api/admin/archive/jobs/[id]": participants(),
  "GET /api/admin/archive/mode": listed("archive.read"),
  "PUT /api/admin/archive/mode": { may: ["stranger"], body: { mode: "off" } },
  "GET /api/admin/audit": listed("audit.read"),
  "GET /api/admin/audit/export": listed("audit.read"),
  "GET /api/admin/audit/stream": listed("audit.read"),
  "GET /api/admin/usage": listed("usage.read"),
  "GET /api/privacy/exports": oneself(),
  "POST /api/privacy/exports": oneself(),
  "GET /api/privacy/exports/[id]/file": participants(),
  "DELETE /api/privacy/exports/[id]": participants(),
  "POST /api/privacy/erase": oneself({}),
  "PUT /api/admin/identifier-policy": listed("tenant.settings", { policy: "redact" }),
  "PUT /api/admin/budgets": listed("tenant.settings", { dailyTokens: 1, monthlyCostMicros: null }),
};
