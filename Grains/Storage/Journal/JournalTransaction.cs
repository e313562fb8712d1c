using System.Data.Common;

namespace Grains.Storage.Journal;

/// <summary>One open transaction that may write.</summary>
/// <param name="fenced">See <see cref="JournalDatabase.Fenced"/>.</param>
public sealed class JournalTransaction(JournalSession session, DbTransaction transaction, bool fenced = true) : IJournalQueries
{
    /// <summary>The fence, as a condition on a row of table attempt.</summary>
    internal string UnderWay { get; } = fenced ? "ended IS NULL" : "1 = 1";

    /// <summary>Executes a statement, and returns the number of rows changed.</summary>
    public int Execute(string sql, object? parameters = null) => session.Execute(sql, parameters, transaction);

    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null) => session.Query<T>(sql, parameters, transaction);

    public T? QueryFirstOrDefault<T>(string sql, object? parameters = null) => session.First<T>(sql, parameters, transaction);
}
