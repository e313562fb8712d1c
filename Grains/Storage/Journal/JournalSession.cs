using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;

namespace Grains.Storage.Journal;

/// <summary>
/// An open connection that parses each statement once. It keeps its commands by their text and only gives them new values. It is not safe
/// for two threads.
/// </summary>
public sealed partial class JournalSession(DbConnection connection) : IJournalQueries, IDisposable
{
    private static readonly ConcurrentDictionary<Type, Dictionary<string, PropertyInfo>> Properties = [];

    private readonly Dictionary<string, Statement> _statements = [];

    public DbConnection Connection => connection;

    /// <summary>Executes a statement, and returns the number of rows changed.</summary>
    public int Execute(string sql, object? parameters, DbTransaction? transaction) =>
        Command(sql, parameters, transaction).ExecuteNonQuery();

    public List<T> Query<T>(string sql, object? parameters, DbTransaction? transaction = null)
    {
        using var reader = Command(sql, parameters, transaction).ExecuteReader();
        var rows = new List<T>();
        if (!reader.Read()) return rows;
        var parse = Parser<T>(reader);
        do rows.Add(parse(reader));
        while (reader.Read());
        return rows;
    }

    public T? First<T>(string sql, object? parameters, DbTransaction? transaction = null)
    {
        using var reader = Command(sql, parameters, transaction).ExecuteReader();
        return reader.Read() ? Parser<T>(reader)(reader) : default;
    }

    IReadOnlyList<T> IJournalQueries.Query<T>(string sql, object? parameters) => Query<T>(sql, parameters);

    T? IJournalQueries.QueryFirstOrDefault<T>(string sql, object? parameters) where T : default => First<T>(sql, parameters);

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Command.Dispose();
        connection.Dispose();
    }

    /// <summary>Reads a row: one column makes a value, several make a record.</summary>
    private static Func<DbDataReader, T> Parser<T>(DbDataReader reader)
    {
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (Type.GetTypeCode(type) == TypeCode.Object) return reader.GetRowParser<T>();
        return r => r.IsDBNull(0) ? default! : (T)Convert.ChangeType(r.GetValue(0), type, CultureInfo.InvariantCulture);
    }

    private DbCommand Command(string sql, object? parameters, DbTransaction? transaction)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements.Add(sql, statement = Prepare(sql));
        if (parameters is not null) statement.Bind(parameters);
        statement.Command.Transaction = transaction;
        return statement.Command;
    }

    private Statement Prepare(string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this program.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string name in ParameterName().Matches(sql).Select(m => m.Value).Distinct())
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }
        return new Statement(command);
    }

    [GeneratedRegex("@[A-Za-z]+")]
    private static partial Regex ParameterName();

    private static Dictionary<string, PropertyInfo> PropertiesOf(Type type) => Properties.GetOrAdd(type,
        t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase));

    private sealed class Statement(DbCommand command)
    {
        private Type? _type;
        private PropertyInfo[] _values = [];

        public DbCommand Command => command;

        public void Bind(object parameters)
        {
            if (_type != parameters.GetType())
            {
                var properties = PropertiesOf(parameters.GetType());
                _values = [.. command.Parameters.Cast<DbParameter>().Select(p => properties[p.ParameterName[1..]])];
                _type = parameters.GetType();
            }
            for (int i = 0; i < _values.Length; i++) command.Parameters[i].Value = _values[i].GetValue(parameters) ?? DBNull.Value;
        }
    }
}
