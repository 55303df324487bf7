-- What a tenant allows itself; null: without end.
CREATE TABLE "tenant_budgets" (
	"tenant_id" uuid PRIMARY KEY REFERENCES "tenants"("id") ON DELETE cascade,
	"daily_tokens" bigint,
	"monthly_cost_micros" bigint,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenant_budgets_positive" CHECK (daily_tokens >= 0 AND monthly_cost_micros >= 0)
);
--> statement-breakpoint
-- What was used of the chat model, by day (UTC) and model; "" is what was answered without one.
CREATE TABLE "model_usage" (
	"tenant_id" uuid NOT NULL REFERENCES "tenants"("id") ON DELETE cascade,
	"day" date NOT NULL,
	"model" text NOT NULL,
	"questions" integer DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_micros" bigint DEFAULT 0 NOT NULL,
	PRIMARY KEY ("tenant_id", "day", "model")
);
--> statement-breakpoint
-- Set aside for answers in the making, until they end or their process is given up.
CREATE TABLE "usage_reservations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"tenant_id" uuid NOT NULL REFERENCES "tenants"("id") ON DELETE cascade,
	"tokens" bigint NOT NULL,
	"cost_micros" bigint NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "usage_reservations_tenant" ON "usage_reservations" ("tenant_id");
