CREATE TABLE "document_names" (
	"document_id" bigint NOT NULL,
	"collection_id" integer NOT NULL,
	"kind" text NOT NULL,
	"surface" text NOT NULL,
	"canonical" text NOT NULL,
	CONSTRAINT "document_names_document_id_kind_surface_canonical_pk" PRIMARY KEY("document_id","kind","surface","canonical")
);
--> statement-breakpoint
ALTER TABLE "answer_receipts" ADD COLUMN "settings" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "populations" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "document_names" ADD CONSTRAINT "document_names_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_names" ADD CONSTRAINT "document_names_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "document_names_surface" ON "document_names" USING btree ("collection_id","surface","kind","canonical");