import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AdminPage, Back } from "#app/admin/parts.tsx";
import { UploadGuidelines } from "#app/admin/upload-guidelines.tsx";
import { found } from "#app/found.ts";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { getCollectionForAdmin } from "#lib/ingest-runs/index.ts";

export const metadata: Metadata = { title: "Upload PDFs" };

async function UploadPage({ params }: { params: Promise<{ slug: string }> }) {
  const slug = decodeURIComponent((await params).slug);
  const address = `/admin/collections/${encodeURIComponent(slug)}`;
  const { deps, viewer } = await viewerOrSignIn(`${address}/upload`);
  const { title, sourceType } = await found(getCollectionForAdmin(deps, viewer, slug));
  if (sourceType !== "guideline") notFound();
  return (
    <AdminPage title="Upload PDFs" above={<Back href={address}>{title}</Back>}>
      <p className="mt-2 max-w-[65ch] text-ink-soft">
        Files are kept as they are and read page by page. A file that the collection holds already is not taken in
        twice.
      </p>
      <UploadGuidelines slug={slug} byteLimit={deps.env.INGEST_FILE_LIMIT_MB * 1024 * 1024} />
    </AdminPage>
  );
}

export default tellingDenials("/admin/collections/[slug]/upload", UploadPage);
