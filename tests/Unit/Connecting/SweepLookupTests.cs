using Client;
using Client.Connecting;
using Tests.Unit.Watching;

namespace Tests.Unit.Connecting;

/// <summary>A verb that destroys finds exactly what it was given, or nothing.</summary>
public sealed class SweepLookupTests
{
    private const string Parent = "rates-4x2k9p", Fork = "rates-4x2k9p-fork-1";

    [Fact]
    public async Task ARepeatedDeleteSaysThatTheSweepIsGone()
    {
        var refused = await Assert.ThrowsAsync<CommandException>(() => Whole(Parent, "another-000001"));
        Assert.Equal(ExitCodes.BadInput, refused.ExitCode);
        Assert.Contains($"there is no sweep '{Parent}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARepeatedDeleteNeverFindsTheForkWhoseIdBeginsAlike()
    {
        Assert.Equal(Parent, await Whole(Parent, Fork, Parent));
        var refused = await Assert.ThrowsAsync<CommandException>(() => Whole(Parent, Fork));
        Assert.Equal(ExitCodes.BadInput, refused.ExitCode);
        Assert.Contains($"there is no sweep '{Parent}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"only the beginning of {Fork}", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> Whole(string text, params string[] sweeps) =>
        (await SweepLookup.Whole(ScriptedReader.Of(sweeps), text, "delete", TestContext.Current.CancellationToken)).Value;
}
