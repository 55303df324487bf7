import { findActiveMember } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { confinedDeps } from "../confined-deps.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import { findDocument } from "./get.ts";
import { type OriginalResponse, openOriginal } from "./open-original.ts";
import { readSignedAddress, signAddress } from "./signed-address.ts";

/**
 * The address of a document's original for this viewer; it holds for two minutes.
 * @throws NotFoundError when the viewer may not read the document, or no original was kept
 */
export async function signOriginal(deps: Pick<Deps, "database" | "env">, viewer: Viewer, id: string): Promise<string> {
  const { objectKey, originalType } = await findDocument(deps, viewer, id);
  if (!objectKey || !originalType) throw new NotFoundError("The original");
  return signAddress(deps.env, { document: id, tenant: viewer.tenantId, user: viewer.userId });
}

/**
 * The original behind a signed address. Whoever it was signed for must still be of the tenant, and the document readable:
 * a signature only stands for having been signed in.
 * @throws NotFoundError for every address that does not hold
 */
export async function openSignedOriginal(
  deps: Pick<Deps, "database" | "objects" | "env">,
  token: string,
  range: string | null,
): Promise<OriginalResponse> {
  const signed = await readSignedAddress(deps.env, token);
  const member = signed && (await findActiveMember(deps.database, signed.tenant, signed.user));
  if (!signed || !member) throw new NotFoundError("The file");
  return openOriginal(confinedDeps(deps, member), { userId: signed.user, ...member }, signed.document, range);
}
