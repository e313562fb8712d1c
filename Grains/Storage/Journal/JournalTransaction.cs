using System.Data.Common;
using Dapper;

namespace Grains.Storage.Journal;

/// <summary>One open transaction that may write.</summary>
public sealed class JournalTransaction(DbConnection connection, DbTransaction transaction)
{
    /// <summary>Rows changed.</summary>
    public int Execute(string sql, object? parameters = null) => connection.Execute(sql, parameters, transaction);

    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null) => connection.Query<T>(sql, parameters, transaction).AsList();

    public T? QueryFirstOrDefault<T>(string sql, object? parameters = null) => connection.QueryFirstOrDefault<T>(sql, parameters, transaction);
}
