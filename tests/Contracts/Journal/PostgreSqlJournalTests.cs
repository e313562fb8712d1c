using Grains.Storage;
using Grains.Storage.Databases;
using Grains.Storage.Journal;
using Tests.Contracts.Membership;

namespace Tests.Contracts.Journal;

public sealed class PostgreSqlJournalTests : JournalContract, IClassFixture<PostgreSqlServer>
{
    public PostgreSqlJournalTests(PostgreSqlServer server)
    {
        Assert.SkipWhen(server.Missing is not null, server.Missing ?? "");
        Database = new JournalDatabase(DatabaseKind.PostgreSql, server.NewDatabase());
    }

    protected override JournalDatabase Database { get; }
}
