// Loaded into the server: when the process that started it dies, even by kill -9, the channel between them breaks and
// the server ends too, instead of holding the port without its database.
process.on("disconnect", () => process.exit(1));
process.channel?.unref();
