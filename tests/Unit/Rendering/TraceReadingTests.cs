using Client.Rendering;
using Grains.Interfaces.Model;

namespace Tests.Unit.Rendering;

public sealed class TraceReadingTests
{
    [Fact]
    public void ATraceIsWholeWhenEveryEpochIsThereAndTheTrainingAroundIt()
    {
        SpanRecord submit = Span("1", null, "sweep submit"),
            training = Span("2", "1", "training"), epoch = Span("3", "2", "epoch"), last = Span("4", "2", "epoch");
        Assert.True(TraceReading.IsWhole([submit, training, epoch, last], epochs: 2));
        Assert.False(TraceReading.IsWhole([submit, training, epoch], epochs: 2));
        Assert.False(TraceReading.IsWhole([submit, epoch, last], epochs: 2));
    }

    private static SpanRecord Span(string id, string? parent, string name) => new()
    {
        TraceId = "t",
        SpanId = id,
        ParentId = parent,
        Name = name,
        Source = "Sweep",
        Process = "silo-1",
        Start = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.FromSeconds(1),
        Error = null,
        Tags = "{}",
    };
}
