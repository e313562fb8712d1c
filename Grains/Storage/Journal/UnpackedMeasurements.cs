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
    private const int AtOnce = 5000;

    /// <summary>What the sweeps of that time reported for each epoch.</summary>
    private const string Metrics =
        """
        {"metrics":[{"form":"number","goal":"minimize","meaning":"Mean cross-entropy per image.","name":"train_loss","split":"train","unit":"nats"},
        {"form":"share","goal":"maximize","meaning":"Share of correct images.","name":"train_accuracy","split":"train","unit":"1"},
        {"form":"number","goal":"minimize","meaning":"Mean cross-entropy per image.","name":"validation_loss","split":"validation","unit":"nats"},
        {"form":"share","goal":"maximize","meaning":"Share of correct images.","name":"validation_accuracy","split":"validation","unit":"1"},
        {"form":"number","goal":"minimize","meaning":"Mean cross-entropy per image.","name":"test_loss","split":"test","unit":"nats"},
        {"form":"share","goal":"maximize","meaning":"Share of correct images.","name":"test_accuracy","reported":true,"split":"test","unit":"1"},
        {"form":"number","meaning":"L2 penalty.","name":"penalty","split":"train","unit":"nats"}],
        "tables":["validation_confusion","test_confusion"]}
        """;

    public static void Pack(DbConnection connection, DbTransaction transaction)
    {
        connection.Execute("UPDATE sweep SET metrics = @Metrics", new { Metrics }, transaction);
        for (long after = long.MinValue; ;)
        {
            var rows = connection.Query<Row>("SELECT * FROM unpacked WHERE sequence > @after ORDER BY sequence LIMIT @AtOnce",
                new { after, AtOnce }, transaction).AsList();
            if (rows.Count == 0) return;
            connection.Execute(
                """
                INSERT INTO measured (sequence, training, epoch, attempt, seconds, metrics, counts, sweep, trial)
                VALUES (@Sequence, @Training, @Epoch, @Attempt, @Seconds, @Metrics, @Counts, @Sweep, @Trial)
                """, rows, transaction);
            after = rows[^1].Sequence;
        }
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

        public byte[]? Counts => CountTables.Of(Table(ValidationConfusion), Table(TestConfusion)) is var tables && tables != CountTables.None
            ? tables.Packed : null;

        private static int[] Table(byte[]? counts) => counts is null ? [] : MemoryMarshal.Cast<byte, int>(counts).ToArray();
    }
}
