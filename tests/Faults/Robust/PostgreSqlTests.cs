using Tests.Contracts.Membership;

namespace Tests.Faults.Robust;

public sealed class PostgreSqlTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    [Fact]
    public async Task AServerThatIsStoppedInMidSweepChangesNothing()
    {
        Assert.SkipWhen(server.Missing is not null, server.Missing ?? "");
        string calm = await Home.CalmDigest(h => h.Spec(epochs: 16));

        await using var home = new Home();
        await home.Sweep("cluster", "up", "--silos", "2", "--postgres", server.NewDatabase());
        string id = await home.Submit(home.Spec(epochs: 16));
        await home.UntilEpochs(id, 4);
        server.Stop();
        // The pause itself is tested, so this is no wait for something.
        await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        server.Start();
        await home.Sweep("watch", id);
        Assert.Equal(calm, await home.Digest(id));
        Assert.Contains("The journal can be written again", home.Log("silo-1") + home.Log("silo-2"), StringComparison.Ordinal);
        await home.Sweep("doctor");
    }
}
