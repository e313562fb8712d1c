using Grains.Storage.Journal;

namespace Tests.Contracts.Journal;

public sealed class SqliteJournalTests : JournalContract
{
    private readonly TemporaryFolder _folder = new();

    protected override JournalDatabase Database => JournalDatabase.Sqlite(_folder.File("journal.db"));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
