using Grains.Storage;
using Grains.Storage.Databases;
using Grains.Storage.Membership;

namespace Tests.Contracts.Membership;

public sealed class SqliteMembershipTests : MembershipContract
{
    private readonly TemporaryFolder _folder = new();

    protected override DatabaseKind Kind => DatabaseKind.Sqlite;

    protected override string Connection => MembershipSchema.SqliteConnection(_folder.File("membership.db"));

    public override void Dispose()
    {
        base.Dispose();
        _folder.Dispose();
    }
}
