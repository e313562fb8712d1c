using Tests.Contracts.Membership;

namespace Tests.Faults.Chaos;

/// <summary>Runs the sweep that is struck in peace, once for all classes that compare with it.</summary>
public sealed class Calm : IAsyncLifetime
{
    public const string Collection = "struck";

    internal string Digest { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (!Soak.Wanted) return;
        await using var cluster = await LocalCluster.Up(silos: 3);
        string id = await cluster.Submit(cluster.Write("struck.yaml", Sweeps.Struck));
        await cluster.Ended(id, TimeSpan.FromMinutes(20));
        Digest = (await cluster.Json("results", id))["sweep"]!["digest"]!.GetValue<string>();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

[CollectionDefinition(Calm.Collection, DisableParallelization = true)]
public sealed class StruckSweep : ICollectionFixture<Calm>, ICollectionFixture<PostgreSqlServer>;
