import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Viewer } from "../auth/index.ts";
import { may, type Permission, type Role, roles } from "../auth/permissions.ts";
import { confinedDeps } from "../confined-deps.ts";
import { chat, createConversation, listMarkedAnswers, postMessage, regenerateAnswer } from "../conversations/index.ts";
import type { Deps } from "../deps.ts";
import { ForbiddenError } from "../errors.ts";
import { exportFeedbackCases, listFeedback, resolveFeedback } from "../feedback/index.ts";
import {
  activateSpace,
  cancelRun,
  createSchedule,
  createUpload,
  deleteSchedule,
  dropSpace,
  getCollectionForAdmin,
  getRun,
  getSchedule,
  listCollectionsForAdmin,
  listFailures,
  listRuns,
  listSchedules,
  listUploadedFiles,
  pauseRun,
  putUploadedFile,
  resumeRun,
  retryFailures,
  rollbackSpace,
  startReembed,
  startRun,
  startUploadRun,
  updateSchedule,
} from "../ingest-runs/index.ts";
import { makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import { handWritten, warfarinQuestion } from "../testing/hand-written.ts";
import {
  changeMemberRole,
  disableMember,
  enableMember,
  inviteMember,
  listTenantPeople,
  removeMember,
  resendInvitation,
  revokeInvitation,
} from "./index.ts";

/** Every verb that not everybody may, by the permission it asks for, tried by every role. What is refused is refused for the role. */
type Verb = (deps: Deps, viewer: Viewer, slug: string) => Promise<unknown>;
const nobody = randomUUID();
const source = { kind: "medlineplus" };
const schedule = { request: source, cron: "0 3 * * *" };
const minilm = { provider: "local-minilm", model: "all-MiniLM-L6-v2", dimensions: 384 } as const;
const file = () => ({ name: "a.pdf", contentType: "application/pdf", body: Readable.from([Buffer.from("%PDF-1.7")]) });

const verbs: Record<string, [Permission, Verb]> = {
  createConversation: ["ask", (deps, viewer) => createConversation(deps, viewer, { question: warfarinQuestion })],
  postMessage: ["ask", (deps, viewer) => postMessage(deps, viewer, nobody, { question: warfarinQuestion })],
  regenerateAnswer: ["ask", (deps, viewer) => regenerateAnswer(deps, viewer, nobody, nobody)],
  chat: [
    "ask",
    (deps, viewer) => chat(deps, viewer, { question: warfarinQuestion }, AbortSignal.timeout(60_000)).next(),
  ],
  listMarkedAnswers: ["collections.curate", (deps, viewer) => listMarkedAnswers(deps, viewer)],
  listCollectionsForAdmin: ["collections.curate", (deps, viewer) => listCollectionsForAdmin(deps, viewer)],
  getCollectionForAdmin: ["collections.curate", (deps, viewer, slug) => getCollectionForAdmin(deps, viewer, slug)],
  startRun: ["collections.curate", (deps, viewer, slug) => startRun(deps, viewer, slug, source)],
  startReembed: ["collections.curate", (deps, viewer, slug) => startReembed(deps, viewer, slug, minilm)],
  listRuns: ["collections.curate", (deps, viewer) => listRuns(deps, viewer)],
  getRun: ["collections.curate", (deps, viewer) => getRun(deps, viewer, nobody)],
  listFailures: ["collections.curate", (deps, viewer) => listFailures(deps, viewer, nobody)],
  listUploadedFiles: ["collections.curate", (deps, viewer) => listUploadedFiles(deps, viewer, nobody)],
  pauseRun: ["collections.curate", (deps, viewer) => pauseRun(deps, viewer, nobody)],
  resumeRun: ["collections.curate", (deps, viewer) => resumeRun(deps, viewer, nobody)],
  cancelRun: ["collections.curate", (deps, viewer) => cancelRun(deps, viewer, nobody)],
  retryFailures: ["collections.curate", (deps, viewer) => retryFailures(deps, viewer, nobody)],
  createUpload: ["collections.curate", (deps, viewer, slug) => createUpload(deps, viewer, slug)],
  putUploadedFile: ["collections.curate", (deps, viewer, slug) => putUploadedFile(deps, viewer, slug, nobody, file())],
  startUploadRun: ["collections.curate", (deps, viewer, slug) => startUploadRun(deps, viewer, slug, randomUUID())],
  createSchedule: ["collections.curate", (deps, viewer, slug) => createSchedule(deps, viewer, slug, schedule)],
  updateSchedule: ["collections.curate", (deps, viewer) => updateSchedule(deps, viewer, nobody, { enabled: false })],
  deleteSchedule: ["collections.curate", (deps, viewer) => deleteSchedule(deps, viewer, nobody)],
  getSchedule: ["collections.curate", (deps, viewer) => getSchedule(deps, viewer, nobody)],
  listSchedules: ["collections.curate", (deps, viewer) => listSchedules(deps, viewer)],
  activateSpace: ["collections.curate", (deps, viewer, slug) => activateSpace(deps, viewer, slug, 0)],
  rollbackSpace: ["collections.curate", (deps, viewer, slug) => rollbackSpace(deps, viewer, slug)],
  dropSpace: ["collections.curate", (deps, viewer, slug) => dropSpace(deps, viewer, slug, 0)],
  listFeedback: ["feedback.review", (deps, viewer) => listFeedback(deps, viewer, {})],
  exportFeedbackCases: ["feedback.review", async (deps, viewer) => exportFeedbackCases(deps, viewer, {})],
  resolveFeedback: ["feedback.review", (deps, viewer) => resolveFeedback(deps, viewer, nobody, { resolved: true })],
  listTenantPeople: ["people.manage", (deps, viewer) => listTenantPeople(deps, viewer)],
  inviteMember: [
    "people.manage",
    (deps, viewer) => inviteMember(deps, viewer, { email: `${randomUUID()}@example.org`, role: "reader" }),
  ],
  resendInvitation: ["people.manage", (deps, viewer) => resendInvitation(deps, viewer, nobody)],
  revokeInvitation: ["people.manage", (deps, viewer) => revokeInvitation(deps, viewer, nobody)],
  changeMemberRole: ["people.manage", (deps, viewer) => changeMemberRole(deps, viewer, nobody, { role: "reader" })],
  disableMember: ["people.manage", (deps, viewer) => disableMember(deps, viewer, nobody)],
  enableMember: ["people.manage", (deps, viewer) => enableMember(deps, viewer, nobody)],
  removeMember: ["people.manage", (deps, viewer) => removeMember(deps, viewer, nobody)],
};

describe("roles and verbs", () => {
  let deps: Deps;
  let slug: string;
  const viewers = new Map<Role, Viewer>();
  beforeAll(async () => {
    deps = await openTestDeps();
    slug = await makeCorpus(deps, handWritten);
    for (const role of roles) {
      const viewer = await makeViewer(deps);
      await deps.database.pool.query("update members set role = $2 where user_id = $1", [viewer.userId, role]);
      viewers.set(role, { ...viewer, role });
    }
  });
  afterAll(() => deps?.close());

  const table = Object.entries(verbs).flatMap(([name, [permission, verb]]) =>
    roles.map((role) => ({ name, role, verb, allowed: may({ role }, permission) })),
  );
  test.each(table)("$name by $role: $allowed", async ({ role, verb, allowed }) => {
    const viewer = viewers.get(role);
    if (!viewer) throw new Error(`no ${role}`);
    const error = await verb(confinedDeps(deps, viewer), viewer, slug).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (allowed) expect(error).not.toBeInstanceOf(ForbiddenError);
    else expect(error).toBeInstanceOf(ForbiddenError);
  });

  test("a reader who asks is refused, and that is recorded; nothing is kept of it", async () => {
    const reader = viewers.get("reader");
    const { rows } = await deps.database.pool.query(
      `select (select count(*)::int from audit_log where action = 'denied' and subject_id = 'ask' and actor_id = $1::text) as denials,
         (select count(*)::int from conversations where owner_id = $1::uuid) as conversations`,
      [reader?.userId],
    );
    expect(rows).toEqual([{ denials: 4, conversations: 0 }]);
  });
});
