using Dapper;
using Grains.Storage;
using Grains.Storage.Databases;
using Grains.Storage.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tests.Contracts.Membership;

namespace Tests.Contracts.Journal;

/// <summary>The connection breaks while COMMIT is under way, and nobody can tell from that whether it was done.</summary>
public sealed class InDoubtCommitTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    [Theory]
    [InlineData(Cut.BeforeTheServer)]
    [InlineData(Cut.BeforeTheAnswer)]
    public async Task GroupWhoseCommitIsInDoubtIsAppliedOnce(Cut cut)
    {
        Assert.SkipWhen(server.Missing is not null, server.Missing ?? "");
        var direct = new NpgsqlConnectionStringBuilder(server.NewDatabase());
        using var proxy = new CuttingProxy(direct.Port);
        var journal = new JournalDatabase(DatabaseKind.PostgreSql,
            new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Port = proxy.Port }.ConnectionString);
        JournalSchema.Migrate(journal);
        using var writer = new JournalWriter(journal, NullLogger<JournalWriter>.Instance);

        for (int round = 1; round <= 5; round++)
        {
            using var hold = new ManualResetEventSlim();
            var first = writer.Write(_ => hold.Wait(TestContext.Current.CancellationToken));
            // The writes that follow gather behind it into one group, and its commit is the one that the proxy meets.
            bool armed = false;
            var arming = writer.Write(_ =>
            {
                if (!armed) proxy.Arm(cut);
                armed = true;
            });
            var group = Enumerable.Range(0, 5).Select(_ => writer.Write(j => j.BeginBrokerTerm())).ToList();
            hold.Set();
            await Task.WhenAll(first, arming);
            long[] terms = await Task.WhenAll(group);
            Assert.Equal(round, proxy.Cuts);
            Assert.Equal(Enumerable.Range(5 * (round - 1) + 1, 5), terms.Select(t => (int)t));
        }

        using var connection = new NpgsqlConnection(direct.ConnectionString);
        Assert.Equal(25, connection.QuerySingle<int>("SELECT term FROM broker"));
    }
}
