using Grains.Hosting;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Storage.Journal;
using Grains.Telemetry;
using Orleans.Concurrency;

namespace Grains.Leases;

/// <summary>Tells what the cluster is: membership beside what each silo said of itself.</summary>
[StatelessWorker]
public sealed class ClusterGrain(JournalReader reader, IClusterMembershipService membership, SweepOptions options, SpanStore store)
    : Grain, IClusterGrain
{
    public Task<string> Version() => Task.FromResult(options.Version);

    public async Task<ClusterDescription> Describe(CancellationToken cancellationToken)
    {
        var members = membership.CurrentSnapshot.Members.Values.ToDictionary(m => m.SiloAddress.ToParsableString());
        return new ClusterDescription(options.Version, [.. (await reader.Silos()).Select(row => new SiloDescription
        {
            Name = row.Name,
            Pid = row.Pid,
            Address = row.Generation,
            State = members.TryGetValue(row.Generation, out var member) ? member.Status.ToString() : nameof(SiloStatus.Dead),
            Slots = row.Slots,
            Busy = row.Busy,
            Fingerprint = row.Fingerprint,
            Environment = row.Environment,
            Version = row.Version,
        })]);
    }

    public Task RecordSpans(SpanRecord[] spans, CancellationToken cancellationToken)
    {
        store.Add(spans);
        return Task.CompletedTask;
    }
}
