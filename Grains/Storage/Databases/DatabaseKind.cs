namespace Grains.Storage.Databases;

/// <summary>The database that carries the cluster: SQLite on one host, PostgreSQL where silos span hosts.</summary>
public enum DatabaseKind { Sqlite, PostgreSql }
