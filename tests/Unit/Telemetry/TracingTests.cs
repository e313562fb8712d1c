using System.Diagnostics;
using Grains.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Tests.Unit.Telemetry;

/// <summary>Traces through the real provider, from a span's start to the store.</summary>
public sealed class TracingTests : IDisposable
{
    private static readonly ActivitySource Orleans = new("Microsoft.Orleans.Application");

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-tracing-").FullName;
    private readonly SpanStore _store;
    private readonly TracerProvider _provider;

    public TracingTests()
    {
        _store = new SpanStore(Path.Combine(_folder, "spans.db"), NullLogger<SpanStore>.Instance);
        _provider = Sdk.CreateTracerProviderBuilder().AddSweepTracing(_ => _store, "silo7").Build();
    }

    [Fact]
    public void ATraceThatWeBeginHoldsOrleansSpansToo()
    {
        string trace;
        using (var submit = Sources.Sweeps.StartActivity("submit"))
        {
            trace = submit!.TraceId.ToHexString();
            using var call = Orleans.StartActivity("ISweepGrain/Submit", ActivityKind.Client);
            call!.SetTag("trial", 3).SetTag("loss", double.NaN).SetTag("silo", new Uri("http://localhost"));
            call.SetStatus(ActivityStatusCode.Error, "no such model");
        }
        _provider.ForceFlush();

        var spans = _store.ReadTrace(trace);
        Assert.Equal(["submit", "ISweepGrain/Submit"], spans.Select(s => s.Name));
        Assert.Equal(spans[0].SpanId, spans[1].ParentId);
        Assert.All(spans, s => Assert.Equal("silo7", s.Process));
        Assert.Equal("no such model", spans[1].Error);
        Assert.Equal("""{"trial":3,"loss":"NaN","silo":"http://localhost/"}""", spans[1].Tags);
    }

    [Fact]
    public void WhatOrleansBeginsIsDroppedWithAllBelowIt()
    {
        string trace;
        using (var poll = Orleans.StartActivity("ILeaseBrokerGrain/Acquire", ActivityKind.Client))
        {
            trace = poll!.TraceId.ToHexString();
            Assert.EndsWith("-00", poll.Id, StringComparison.Ordinal);
            using var below = Sources.Trainings.StartActivity("grant");
            Assert.False(below?.Recorded ?? false);
        }
        _provider.ForceFlush();

        Assert.Empty(_store.ReadTrace(trace));
    }

    [Fact]
    public void AnAttemptInAnotherProcessContinuesTheStoredTrace()
    {
        string? stored;
        using (Sources.Sweeps.StartActivity("submit")) stored = TraceLinks.Current;
        using (var attempt = TraceLinks.StartFrom(Sources.Trainings, "attempt", stored)) Assert.NotNull(attempt);
        _provider.ForceFlush();

        Assert.Equal(["submit", "attempt"], _store.ReadTrace(TraceLinks.Parse(stored)!.Value.TraceId.ToHexString()).Select(s => s.Name));
    }

    public void Dispose()
    {
        _provider.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
