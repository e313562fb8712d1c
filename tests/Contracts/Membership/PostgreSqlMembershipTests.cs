using Grains.Storage;
using Grains.Storage.Databases;

namespace Tests.Contracts.Membership;

public sealed class PostgreSqlMembershipTests : MembershipContract, IClassFixture<PostgreSqlServer>
{
    public PostgreSqlMembershipTests(PostgreSqlServer server)
    {
        Assert.SkipWhen(server.Missing is not null, server.Missing ?? "");
        Connection = server.NewDatabase();
    }

    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;

    protected override string Connection { get; }
}
