using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>Stateless, on any silo: what the cluster is.</summary>
[Alias("IClusterGrain")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>The version that the silos run; a client of another version stops here.</summary>
    [Alias("Version")]
    Task<string> Version();

    [Alias("Describe")]
    Task<ClusterDescription> Describe(CancellationToken cancellationToken);

    /// <summary>Adds a client's spans to the span store.</summary>
    [Alias("RecordSpans")]
    Task RecordSpans(SpanRecord[] spans, CancellationToken cancellationToken);
}
