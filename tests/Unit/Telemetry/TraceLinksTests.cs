using System.Diagnostics;
using Grains.Telemetry;

namespace Tests.Unit.Telemetry;

public sealed class TraceLinksTests
{
    private const string Stored = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void AStoredTraceIsTakenUpAgain()
    {
        using var source = new ActivitySource("Sweep.Test.TakenUp");
        using var listener = ListenTo(source);

        using var span = TraceLinks.StartFrom(source, "attempt", Stored);

        Assert.Equal("0af7651916cd43dd8448eb211c80319c", span?.TraceId.ToHexString());
        Assert.Equal("b7ad6b7169203331", span?.ParentSpanId.ToHexString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not a traceparent")]
    public void WithoutAStoredTraceANewOneBegins(string? stored)
    {
        using var source = new ActivitySource("Sweep.Test.New");
        using var listener = ListenTo(source);
        using var call = source.StartActivity("call");

        using var span = TraceLinks.StartFrom(source, "attempt", stored);

        Assert.Null(TraceLinks.Parse(stored));
        Assert.NotNull(span);
        Assert.Equal(default, span.ParentSpanId);
        Assert.NotEqual(call!.TraceId, span.TraceId);
    }

    private static ActivityListener ListenTo(ActivitySource source)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = s => s == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
