namespace Grains.Storage.Journal;

/// <summary>The queries to the journal, inside a transaction that writes or beside all of them.</summary>
public interface IJournalQueries
{
    IReadOnlyList<T> Query<T>(string sql, object? parameters = null);

    T? QueryFirstOrDefault<T>(string sql, object? parameters = null);
}
