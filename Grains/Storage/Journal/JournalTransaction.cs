using System.Data.Common;

namespace Grains.Storage.Journal;

/// <summary>One open transaction that may write.</summary>
public sealed class JournalTransaction(JournalSession session, DbTransaction transaction)
{
    /// <summary>Rows changed.</summary>
    public int Execute(string sql, object? parameters = null) => session.Execute(sql, parameters, transaction);

    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null) => session.Query<T>(sql, parameters, transaction);

    public T? QueryFirstOrDefault<T>(string sql, object? parameters = null) => session.First<T>(sql, parameters, transaction);
}
