using System.Data;
using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Storage.Journal;

/// <summary>
/// The measurements of schema 3, which had a column for each number of the classifier. It packs them as schema 4 has them, and is never
/// edited.
/// </summary>
internal static class UnpackedMeasurements
{
    private const int MostAtOnce = 5000, RowsPerStatement = 100;

    /// <summary>The bytes of tables that are in memory at once. With a thousand classes, one epoch has eight million.</summary>
    private const long BytesAtOnce = 64 << 20;

    /// <summary>What the sweeps of that time reported for each epoch.</summary>
    private const string Metrics =
        """
        {"metrics":[{"form":"number","goal":"minimize","meaning":"Mean cross-entropy.","name":"train_loss","split":"train","unit":"nats"},
        {"form":"share","goal":"maximize","meaning":"Share of correct.","name":"train_accuracy","split":"train","unit":"1"},
        {"form":"number","goal":"minimize","meaning":"Mean cross-entropy.","name":"validation_loss","split":"validation","unit":"nats"},
        {"form":"share","goal":"maximize","meaning":"Share of correct.","name":"validation_accuracy","split":"validation","unit":"1"},
        {"form":"number","goal":"minimize","meaning":"Mean cross-entropy.","name":"test_loss","split":"test","unit":"nats"},
        {"form":"share","goal":"maximize","meaning":"Share of correct.","name":"test_accuracy","reported":true,"split":"test","unit":"1"},
        {"form":"number","meaning":"L2 penalty.","name":"penalty","split":"train","unit":"nats"}],
        "tables":["validation_confusion","test_confusion"]}
        """;

    public static void Pack(DbConnection connection, DbTransaction transaction)
    {
        connection.Execute("UPDATE sweep SET metrics = @Metrics", new { Metrics }, transaction);
        long largest = connection.QuerySingle<long?>(
            "SELECT MAX(COALESCE(LENGTH(validation_confusion), 0) + COALESCE(LENGTH(test_confusion), 0)) FROM unpacked",
            transaction: transaction) ?? 0;
        long atOnce = Math.Clamp(BytesAtOnce / (largest + 1), 1, MostAtOnce);
        for (long after = long.MinValue; ;)
        {
            var rows = connection.Query<Row>("SELECT * FROM unpacked WHERE sequence > @after ORDER BY sequence LIMIT @atOnce",
                new { after, atOnce }, transaction).AsList();
            if (rows.Count == 0) return;
            foreach (var part in rows.Chunk(RowsPerStatement)) Insert(part, connection, transaction);
            after = rows[^1].Sequence;
        }
    }

    /// <summary>Writes several rows with one statement, because a server on another machine takes a while for each.</summary>
    private static void Insert(Row[] rows, DbConnection connection, DbTransaction transaction)
    {
        var values = new DynamicParameters();
        for (int i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            values.Add($"s{i}", row.Sequence);
            values.Add($"r{i}", row.Training);
            values.Add($"e{i}", row.Epoch);
            values.Add($"a{i}", row.Attempt);
            values.Add($"t{i}", row.Seconds);
            values.Add($"m{i}", row.Metrics);
            values.Add($"c{i}", row.Counts, DbType.Binary);
            values.Add($"w{i}", row.Sweep);
            values.Add($"n{i}", row.Trial);
        }
        var lines = rows.Select((_, i) => $"(@s{i}, @r{i}, @e{i}, @a{i}, @t{i}, @m{i}, @c{i}, @w{i}, @n{i})");
        connection.Execute("INSERT INTO measured (sequence, training, epoch, attempt, seconds, metrics, counts, sweep, trial) VALUES " +
            string.Join(", ", lines), values, transaction);
    }

    /// <summary>A row of schema 3. A loss that is not a number is null there.</summary>
    private sealed class Row
    {
        public long Sequence { get; init; }
        public long Training { get; init; }
        public int Epoch { get; init; }
        public int Attempt { get; init; }
        public double? TrainLoss { get; init; }
        public int TrainCorrect { get; init; }
        public int TrainTotal { get; init; }
        public double? ValidationLoss { get; init; }
        public int ValidationCorrect { get; init; }
        public int ValidationTotal { get; init; }
        public double? TestLoss { get; init; }
        public int TestCorrect { get; init; }
        public int TestTotal { get; init; }
        public double? Penalty { get; init; }
        public double Seconds { get; init; }
        public byte[]? ValidationConfusion { get; init; }
        public byte[]? TestConfusion { get; init; }
        public string? Sweep { get; init; }
        public int? Trial { get; init; }

        public byte[] Metrics => new MetricValues.Packer()
            .Number(TrainLoss ?? double.NaN).Share(TrainCorrect, TrainTotal)
            .Number(ValidationLoss ?? double.NaN).Share(ValidationCorrect, ValidationTotal)
            .Number(TestLoss ?? double.NaN).Share(TestCorrect, TestTotal)
            .Number(Penalty ?? double.NaN).Done().Packed;

        public byte[]? Counts => CountTables.Of(Table(ValidationConfusion), Table(TestConfusion)) is { Packed.Length: > 0 } tables
            ? tables.Packed : null;

        private static int[] Table(byte[]? counts) => counts is null ? [] : MemoryMarshal.Cast<byte, int>(counts).ToArray();
    }
}
