using Grains.Interfaces.Model;
using Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tests.Unit.Telemetry;

public sealed class SpanStoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-spans-").FullName;

    private string StoreFile => Path.Combine(_folder, "new", "spans.db");

    [Fact]
    public void ATraceComesBackByStartTimeAsItWasAdded()
    {
        var store = Store();
        var child = Span("a", "2", second: 1) with { ParentId = "1", Error = "NaN", Tags = """{"epoch":3}""" };
        var root = Span("a", "1", second: 0);

        Assert.True(store.Add([child, Span("b", "1", second: 0)]));
        Assert.True(store.Add([root, root]));

        Assert.Equal([root, child], store.ReadTrace("a"));
        Assert.Empty(store.ReadTrace("c"));
    }

    [Fact]
    public void TwoSilosShareOneFile()
    {
        SpanStore one = Store(), two = Store();
        one.Add([Span("a", "1", second: 0)]);
        two.Add([Span("a", "2", second: 1)]);

        Assert.Equal(2, one.ReadTrace("a").Length);
        Assert.Equal(2, two.ReadTrace("a").Length);
    }

    [Fact]
    public void TheTraceThatWasQuietLongestLeavesFirst()
    {
        var store = Store(capacity: 4);
        store.Add([Span("old", "1", second: 0), Span("old", "2", second: 1)]);
        store.Add([Span("mid", "1", second: 2), Span("mid", "2", second: 3)]);

        store.Add([Span("new", "1", second: 4)]);

        Assert.Empty(store.ReadTrace("old"));
        Assert.Equal(2, store.ReadTrace("mid").Length);
        Assert.Single(store.ReadTrace("new"));
    }

    [Fact]
    public void OneTraceLongerThanTheStoreKeepsItsRootAndItsLatestSpans()
    {
        var store = Store(capacity: 3);
        store.Add([.. Enumerable.Range(0, 6).Select(i => Span("a", $"{i}", i) with { ParentId = i == 0 ? null : "0" })]);

        Assert.Equal(["0", "4", "5"], store.ReadTrace("a").Select(s => s.SpanId));
    }

    [Fact]
    public void AWriteThatFailsIsAWarningAndNoException()
    {
        var log = new Warnings();
        File.WriteAllText(Path.Combine(_folder, "spans.db"), new string('x', 4096));
        var store = new SpanStore(Path.Combine(_folder, "spans.db"), log);

        Assert.False(store.Add([Span("a", "1", second: 0)]));

        Assert.Contains("1 spans are lost", Assert.Single(log.Messages), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private SpanStore Store(int capacity = 100) => new(StoreFile, NullLogger<SpanStore>.Instance, capacity);

    private static SpanRecord Span(string trace, string id, int second) => new()
    {
        TraceId = trace,
        SpanId = id,
        ParentId = null,
        Name = "epoch",
        Source = "Sweep.Trainings",
        Process = "silo1",
        Start = Noon.AddSeconds(second),
        Duration = TimeSpan.FromMilliseconds(1.5),
        Error = null,
        Tags = "{}",
    };

    private sealed class Warnings : ILogger<SpanStore>
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));
    }
}
