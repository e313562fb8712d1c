using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Grains.Telemetry;

/// <summary>Sets up tracing and metrics of one process.</summary>
public static class TelemetryExtensions
{
    /// <summary>How long a finished span waits for others before they are written together.</summary>
    private const int ExportDelayMilliseconds = 1000;

    private const int ConsoleMetricsMilliseconds = 60_000;

    /// <summary>
    /// Records traces that ours begin, with Orleans' spans inside them, always into the span store. Add `AddActivityPropagation()` on the
    /// silo so that they cross processes. Metrics are collected only when someone reads them.
    /// </summary>
    /// <param name="services">The host's services, whose <see cref="SpanStore"/> is what `sweep trace` reads.</param>
    /// <param name="siloName">The name of the process in spans.</param>
    /// <param name="console">Whether spans, and metrics once a minute, also go to the console.</param>
    /// <param name="otlp">The OTLP endpoint (gRPC) to which both are sent too; null for none.</param>
    public static IServiceCollection AddSweepTelemetry(
        this IServiceCollection services, string siloName, bool console, Uri? otlp)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("sweep", serviceInstanceId: siloName))
            .WithTracing(tracing => tracing.AddSweepTracing(s => s.GetRequiredService<SpanStore>(), siloName, console, otlp));

        if (console || otlp is not null)
        {
            telemetry.WithMetrics(metrics =>
            {
                metrics.AddMeter(Names.OrleansMeter);
                if (console)
                {
                    metrics.AddConsoleExporter(
                        (_, reader) => reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = ConsoleMetricsMilliseconds);
                }
                if (otlp is not null) metrics.AddOtlpExporter(options => options.Endpoint = otlp);
            });
        }
        return services;
    }

    /// <summary>Sets up the tracing half, for a process that builds its own provider.</summary>
    public static TracerProviderBuilder AddSweepTracing(
        this TracerProviderBuilder tracing, Func<IServiceProvider, SpanStore> store, string siloName, bool console = false,
        Uri? otlp = null)
    {
        tracing
            .SetSampler(new ParentBasedSampler(new AlwaysOnSampler()))
            .AddSource(Names.Prefix + "*")
            .AddSource([.. Names.OrleansSources])
            // This processor comes first, before any exporter sees a span.
            .AddProcessor(new SweepRoots())
            .AddProcessor(services => new BatchActivityExportProcessor(
                new SpanStoreExporter(store(services), siloName), maxQueueSize: 8192, scheduledDelayMilliseconds: ExportDelayMilliseconds));
        if (console) tracing.AddConsoleExporter();
        if (otlp is not null) tracing.AddOtlpExporter(options => options.Endpoint = otlp);
        return tracing;
    }
}
