using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Rendering;

/// <summary>
/// All verbs show this table. It fits the width it is given, and no cell is folded. Its maker says what gives way first: shorter forms of
/// cells, then whole columns in a stated order, then the ends of labels. Where even that is too wide, rows become blocks of lines.
/// </summary>
internal sealed class FittingTable : Renderable
{
    /// <summary>Marks a step of <see cref="Giving"/> that shortens a column instead of leaving it out.</summary>
    private const char Shortens = '~';

    /// <summary>
    /// While columns can leave, a label is cut to no less than the first width. When none can any more, the second is the limit.
    /// </summary>
    private const int ComfortableLabel = 40, LeastLabel = 10;

    private readonly List<Column> _columns = [];
    private string[] _steps = [];
    private FittingTable? _otherwise;
    private string? _elsewhere;
    private bool _bare;

    /// <param name="Header">Plain text.</param>
    /// <param name="Cells">Markup, or plain text for labels.</param>
    /// <param name="Shorter">The same in fewer columns; null where there is no such form.</param>
    /// <param name="Labels">Set where the cells are labels, which can be cut to any width.</param>
    private sealed record Column(string Header, IReadOnlyList<string> Cells, bool Number, Column? Shorter = null,
        IReadOnlyList<Label>? Labels = null)
    {
        public int Width => Cells.Select(c => Markup.Remove(c).GetCellWidth()).Append(Header.GetCellWidth()).Max();

        public bool SaysNothing => Cells.All(c => c.Length == 0 || c == Words.None);
    }

    /// <param name="cells">Markup, one for each row.</param>
    /// <param name="number">Whether they stand at the right.</param>
    /// <param name="shorter">The same in fewer columns.</param>
    /// <param name="shorterHeader">Goes with the shorter cells.</param>
    public FittingTable Add(string header, IEnumerable<string> cells, bool number = false, IEnumerable<string>? shorter = null,
        string? shorterHeader = null)
    {
        string[] all = [.. cells];
        var small = shorter is null && shorterHeader is null
            ? null
            : new Column(shorterHeader ?? header, shorter is null ? all : [.. shorter], number);
        _columns.Add(new Column(header, all, number, small));
        return this;
    }

    public FittingTable Add(string header, IReadOnlyList<Label> labels)
    {
        _columns.Add(new Column(header, [.. Label.Fit(labels, int.MaxValue).Select(Markup.Escape)], false, null, labels));
        return this;
    }

    /// <summary>
    /// Names what a narrow terminal does without, in order. A header names a column that leaves, and a header behind a ~ names one that
    /// becomes shorter. Columns that can become shorter and are not named here do so before all others.
    /// </summary>
    public FittingTable Giving(params string[] steps)
    {
        _steps = steps;
        return this;
    }

    /// <summary>Says where to find what is left out, such as "--format json has them".</summary>
    public FittingTable Elsewhere(string where)
    {
        _elsewhere = where;
        return this;
    }

    /// <summary>Sets what is shown where this table would have to become blocks of lines.</summary>
    public FittingTable Otherwise(FittingTable other)
    {
        _otherwise = other;
        return this;
    }

    /// <summary>Leaves out border and headers, for a picture that is drawn again and again.</summary>
    public FittingTable Bare()
    {
        _bare = true;
        return this;
    }

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(10, maxWidth), maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        List<string> leftOut = [];
        if (Fit(maxWidth, leftOut, out string? legend) is { } columns)
        {
            var parts = new List<IRenderable> { Draw(columns) };
            if (legend is not null && !_bare) parts.Add(new Text(legend));
            if (leftOut.Count > 0 && _elsewhere is not null)
                parts.Add(new Text($"left out at {maxWidth} columns: {string.Join(", ", leftOut)}; {_elsewhere}"));
            return ((IRenderable)new Rows(parts)).Render(options, maxWidth);
        }
        return ((IRenderable?)_otherwise ?? Blocks()).Render(options, maxWidth);
    }

    /// <summary>Returns the columns as they are shown, or null when they do not fit however little is shown.</summary>
    private List<Column>? Fit(int width, List<string> leftOut, out string? legend)
    {
        legend = null;
        var columns = _columns.ToList();
        int comfortable = Math.Min(ComfortableLabel,
            _columns.Where(c => c.Labels is not null).Select(c => Label.Uncut(c.Labels!)).DefaultIfEmpty(0).Max());
        bool Fits(int label = int.MaxValue) => WidthOf(columns, label) <= width;

        if (!Fits()) columns.RemoveAll(c => c.SaysNothing && _steps.Contains(c.Header));
        for (int i = 0; i < columns.Count && !Fits(comfortable); i++)
            if (!_steps.Contains($"{Shortens}{columns[i].Header}")) columns[i] = columns[i].Shorter ?? columns[i];
        var given = new Stack<Column>();
        foreach (string step in _steps)
        {
            if (Fits(comfortable)) break;
            int at = columns.FindIndex(c => c.Header == step.TrimStart(Shortens));
            if (at < 0) continue;
            if (step[0] == Shortens) columns[at] = columns[at].Shorter ?? columns[at];
            else
            {
                given.Push(columns[at]);
                columns.RemoveAt(at);
            }
        }
        if (!Fits(LeastLabel)) return null;

        // A wide column that has left may make room for narrow ones that left before it.
        while (given.TryPop(out var column))
        {
            int at = columns.TakeWhile(c => Place(c) < Place(column)).Count();
            columns.Insert(at, column);
            if (Fits(comfortable)) continue;
            columns.RemoveAt(at);
            leftOut.Insert(0, column.Header);
        }
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Labels is not { } labels) continue;
            int room = Math.Max(columns[i].Header.Length, width - WidthOf(columns, 0));
            legend ??= Label.Legend(labels, room);
            columns[i] = columns[i] with { Cells = [.. Label.Fit(labels, room).Select(Markup.Escape)], Labels = null };
        }
        return columns;
    }

    private int Place(Column column) => _columns.FindIndex(c => ReferenceEquals(c, column) || ReferenceEquals(c.Shorter, column));

    /// <param name="label">How wide a label may be at most; at least as wide as its header.</param>
    private int WidthOf(List<Column> columns, int label) =>
        columns.Sum(c => (c.Labels is null ? c.Width : label == 0 ? 0 : Math.Min(c.Width, Math.Max(label, c.Header.Length))) +
            (_bare ? 2 : 3)) + (_bare ? 0 : 1);

    private IRenderable Draw(List<Column> columns)
    {
        int rows = columns.Count == 0 ? 0 : columns[0].Cells.Count;
        if (_bare)
        {
            var grid = new Grid();
            foreach (var column in columns)
                grid.AddColumn(new GridColumn
                {
                    NoWrap = true,
                    Padding = new Padding(0, 0, 2, 0),
                    Alignment = column.Number ? Justify.Right : Justify.Left,
                });
            for (int i = 0; i < rows; i++) grid.AddRow([.. columns.Select(c => (IRenderable)new Markup(c.Cells[i]))]);
            return grid;
        }
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(column.Header)}[/]"))
            {
                Alignment = column.Number ? Justify.Right : Justify.Left,
                NoWrap = true,
            });
        }
        for (int i = 0; i < rows; i++) table.AddRow([.. columns.Select(c => c.Cells[i])]);
        return table;
    }

    /// <summary>Draws a line for each cell, and an empty one between rows.</summary>
    private Rows Blocks()
    {
        var lines = new List<IRenderable>();
        int rows = _columns.Count == 0 ? 0 : _columns[0].Cells.Count;
        for (int i = 0; i < rows; i++)
        {
            if (i > 0) lines.Add(Text.Empty);
            foreach (var column in _columns.Where(c => c.Cells[i].Length > 0 && c.Cells[i] != Words.None))
                lines.Add(new Markup(column.Header.Length == 0
                    ? column.Cells[i]
                    : $"[grey]{Markup.Escape(column.Header)}[/] {column.Cells[i]}"));
        }
        return new Rows(lines);
    }
}
