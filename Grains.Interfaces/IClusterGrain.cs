using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>Tells what the cluster is. It is stateless and runs on any silo.</summary>
[Alias("IClusterGrain")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>The version that the silos run. A client of another version stops here.</summary>
    [Alias("Version")]
    Task<string> Version();

    [Alias("Describe")]
    Task<ClusterDescription> Describe(CancellationToken cancellationToken);

    /// <summary>Adds a client's spans to the span store.</summary>
    [Alias("RecordSpans")]
    Task RecordSpans(SpanRecord[] spans, CancellationToken cancellationToken);
}
