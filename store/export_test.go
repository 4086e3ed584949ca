package store

// MigrateFrom is Migrate with migrations of a test's own.
var MigrateFrom = migrateFrom
