using System.Collections.Immutable;
using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Grains.Interfaces.Model.Specs;

namespace Grains.Interfaces.Model.Recorded;

/// <summary>
/// Learning curves that were recorded of many configurations on one task: configs.csv with a column `config` and one for each parameter,
/// and curves-TASK.csv with `config`, `epoch` (1, 2, 3, …) and one column for each metric.
/// </summary>
public sealed class RecordedCurves
{
    private readonly Table _configs, _curves;
    private readonly Dictionary<double, (int First, int Count)> _rowsOf = [];

    private RecordedCurves(Table configs, Table curves)
    {
        (_configs, _curves) = (configs, curves);
        int config = curves.Column("config"), epoch = curves.Column("epoch");
        for (int row = 0; row < curves.Rows.Count; row++)
        {
            double key = curves.Rows[row][config];
            var (first, count) = _rowsOf.GetValueOrDefault(key, (row, 0));
            if (first + count != row || curves.Rows[row][epoch] != count + 1)
            {
                throw new SpecException($"program.recorded: {curves.Name}:{row + 2}: epoch {Text(curves.Rows[row][epoch])} of configuration " +
                    $"{Text(key)} stands where epoch {count + 1} belongs. Give each configuration's epochs 1, 2, 3, … one after the other.");
            }
            _rowsOf[key] = (first, count + 1);
        }
        int id = configs.Column("config");
        foreach (var row in configs.Rows)
        {
            if (!_rowsOf.ContainsKey(row[id]))
                throw new SpecException($"program.recorded: {curves.Name} has no curve of configuration {Text(row[id])}. " +
                    $"Remove it from {configs.Name}.");
        }
        Epochs = configs.Rows.Min(r => _rowsOf[r[id]].Count);
    }

    /// <summary>The epochs that are recorded of every configuration.</summary>
    public int Epochs { get; }

    /// <summary>The number of configurations.</summary>
    public int Count => _configs.Rows.Count;

    /// <summary>The parameters of a configuration.</summary>
    public IEnumerable<string> Parameters => _configs.Columns.Where(c => c != "config");

    /// <summary>What is recorded of each epoch.</summary>
    public IEnumerable<string> Metrics => _curves.Columns.Where(c => c is not ("config" or "epoch"));

    /// <summary>Whether the seconds since the start of the training are recorded, in a column `time`.</summary>
    public bool HasTime => _curves.Columns.Contains("time");

    /// <summary>Reads the packed files of a sweep.</summary>
    /// <exception cref="SpecException">A file is missing or malformed.</exception>
    public static RecordedCurves Of(ReadOnlyMemory<byte> package, string task)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = new TarReader(new MemoryStream(package.ToArray(), writable: false));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } stream) continue;
            using var text = new StreamReader(stream, Encoding.UTF8);
            files[entry.Name] = text.ReadToEnd();
        }
        return new RecordedCurves(Table.Read("configs.csv", files.GetValueOrDefault("configs.csv")),
            Table.Read($"curves-{task}.csv", files.GetValueOrDefault($"curves-{task}.csv")));
    }

    /// <summary>The reason why a sweep cannot replay these curves; null when it can.</summary>
    public string? Refusal(RecordedSpec program, int budget)
    {
        if (program.Parameters.FirstOrDefault(p => !Parameters.Contains(p)) is { } parameter)
            return Unknown("parameters", parameter, Parameters, _configs.Name);
        if (program.Metrics.FirstOrDefault(m => !Metrics.Contains(m.Name)) is { } metric)
            return Unknown("program.metrics", metric.Name, Metrics, _curves.Name);
        return TooLong(budget);
    }

    /// <summary>The reason why a point cannot be replayed; null when it can.</summary>
    public string? Refusal(RecordedConfiguration point, int budget)
    {
        foreach (var (name, value) in point.Parameters)
            if (value is not NumberValue) return $"parameters.{name}: {value} is not a number, and recorded parameters are. Use numbers.";
        return TooLong(budget);
    }

    private string? TooLong(int budget) => budget <= Epochs
        ? null
        : $"program.epochs: {budget} is more than the {Epochs} epochs that {_curves.Name} has of every configuration. Use at most {Epochs}.";

    /// <summary>The recorded configuration that lies nearest in the unit cube, the first on a tie.</summary>
    /// <returns>Its row, and whether it is the very one.</returns>
    public (int Row, bool IsExact) Nearest(RecordedConfiguration asked)
    {
        var axes = asked.Axes.Where(a => asked.Parameters.ContainsKey(a.Name))
            .Select(a => (Axis: a, Column: _configs.Column(a.Name), At: a.Unit(((NumberValue)asked.Parameters[a.Name]).Number))).ToArray();
        int best = 0;
        double least = double.PositiveInfinity;
        for (int row = 0; row < _configs.Rows.Count; row++)
        {
            double distance = 0;
            foreach (var (axis, column, at) in axes)
            {
                double apart = axis.Unit(_configs.Rows[row][column]) - at;
                distance += apart * apart;
            }
            if (distance < least) (best, least) = (row, distance);
        }
        return (best, least < 1e-18);
    }

    /// <summary>A recorded value of a configuration after so many epochs.</summary>
    public double Value(int row, int epoch, string column)
    {
        var (first, count) = _rowsOf[_configs.Rows[row][_configs.Column("config")]];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, count);
        return _curves.Rows[first + epoch - 1][_curves.Column(column)];
    }

    private static string Unknown(string where, string name, IEnumerable<string> known, string file) =>
        $"{where}: {name} is no column of {file}. " +
        (Specs.Nearest.To(name, known) is { } near ? $"Did you mean `{near}`?" : $"It has: {string.Join(", ", known)}.");

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A file of numbers below a line of names.</summary>
    private sealed record Table(string Name, ImmutableArray<string> Columns, List<double[]> Rows)
    {
        public int Column(string name) => Columns.IndexOf(name) is >= 0 and var at ? at
            : throw new SpecException($"program.recorded: {Name} has no column `{name}`. It has: {string.Join(", ", Columns)}.");

        public static Table Read(string name, string? text)
        {
            if (text is null) throw new SpecException($"program.recorded: the folder has no {name}. Put it there.");
            string[] lines = text.Split('\n', StringSplitOptions.TrimEntries);
            ImmutableArray<string> columns = [.. lines[0].TrimStart('\uFEFF').Split(',', StringSplitOptions.TrimEntries)];
            var rows = new List<double[]>();
            foreach (var (at, line) in lines.Index().Skip(1).Where(l => l.Item.Length > 0))
            {
                string[] cells = line.Split(',');
                var row = new double[columns.Length];
                if (cells.Length != columns.Length) throw Wrong(name, at, $"has {cells.Length} cells, and the first line has {columns.Length}");
                for (int i = 0; i < cells.Length; i++)
                {
                    if (!double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out row[i]))
                        throw Wrong(name, at, $"`{cells[i]}` in column `{columns[i]}` is no number");
                }
                rows.Add(row);
            }
            if (rows.Count == 0) throw Wrong(name, 0, "has no line of numbers below it");
            return new Table(name, columns, rows);
        }

        private static SpecException Wrong(string name, int line, string rule) =>
            new($"program.recorded: {name}:{line + 1}: {rule}. Write numbers separated by commas below a line of names.");
    }
}
