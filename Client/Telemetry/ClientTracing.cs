using System.Diagnostics;
using System.Text.Json;
using Client.Connecting;
using Grains.Interfaces.Model;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Client.Telemetry;

/// <summary>Records the client's part of a sweep's trace while it submits, then sends it to the cluster's span store.</summary>
internal sealed class ClientTracing : IDisposable
{
    private const string RootPrefix = "sweep ";
    private static readonly ActivitySource Source = new("Sweep.Client");

    private readonly Collector _collector = new();
    private readonly TracerProvider _provider;

    /// <param name="console">Also print each finished span.</param>
    public ClientTracing(bool console)
    {
        var builder = Sdk.CreateTracerProviderBuilder()
            .SetSampler(new ParentBasedSampler(new OwnRoots()))
            .AddSource("Sweep.*", "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime")
            .AddProcessor(new SimpleActivityExportProcessor(_collector));
        if (console) builder.AddConsoleExporter();
        _provider = builder.Build();
    }

    public static Activity? StartSubmit(SweepId id) =>
        Source.StartActivity($"{RootPrefix}submit", ActivityKind.Client)?.SetTag("sweep.id", id.Value);

    /// <summary>Sends the trace. A lost trace is no reason to fail.</summary>
    public async Task Send(ClusterConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            if (_collector.Take() is { Length: > 0 } spans) await connection.Cluster.RecordSpans(spans, cancellationToken);
        }
        catch (Exception e) when (Transient.Is(e))
        {
            await Console.Error.WriteLineAsync($"warning: the client's spans were not kept: {e.Message}");
        }
    }

    public void Dispose() => _provider.Dispose();

    /// <summary>Keeps only our own spans when there is no parent, because Orleans' calls outside of a submission are noise.</summary>
    private sealed class OwnRoots : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters parameters) =>
            new(parameters.Name.StartsWith(RootPrefix, StringComparison.Ordinal)
                ? SamplingDecision.RecordAndSample
                : SamplingDecision.Drop);
    }

    private sealed class Collector : BaseExporter<Activity>
    {
        private readonly List<SpanRecord> _spans = [];

        public SpanRecord[] Take()
        {
            lock (_spans)
            {
                var taken = _spans.ToArray();
                _spans.Clear();
                return taken;
            }
        }

        public override ExportResult Export(in Batch<Activity> batch)
        {
            lock (_spans)
                foreach (var activity in batch) _spans.Add(Record(activity));
            return ExportResult.Success;
        }

        private static SpanRecord Record(Activity activity) => new()
        {
            TraceId = activity.TraceId.ToHexString(),
            SpanId = activity.SpanId.ToHexString(),
            ParentId = activity.ParentSpanId == default ? null : activity.ParentSpanId.ToHexString(),
            Name = activity.DisplayName,
            Source = activity.Source.Name,
            Process = "client",
            Start = new DateTimeOffset(activity.StartTimeUtc),
            Duration = activity.Duration,
            Error = activity.Status == ActivityStatusCode.Error ? activity.StatusDescription ?? "error" : null,
            Tags = JsonSerializer.Serialize(activity.TagObjects.GroupBy(t => t.Key)
                .ToDictionary(g => g.Key, g => g.Last().Value?.ToString())),
        };
    }
}
