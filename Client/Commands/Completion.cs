using Client.Connecting;
using Client.LocalCluster;

namespace Client.Commands;

/// <summary>
/// Lists what a shell can complete. Somebody who presses Tab waits, so it answers soon or not at all, and never with a message.
/// </summary>
internal static class Completion
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Returns the IDs of the running cluster's sweeps, newest first, and `last`. The list is empty when no cluster answers in time.
    /// </summary>
    /// <param name="begun">What of the ID is there already.</param>
    public static IEnumerable<string> SweepIds(string begun)
    {
        var home = SweepHome.Default();
        if (ClusterState.Read(home)?.Silos.Any(s => s.IsAlive) != true) return [];
        // System.CommandLine asks for completions synchronously.
        return Task.Run(() => Ask(home, begun)).GetAwaiter().GetResult();
    }

    private static async Task<IEnumerable<string>> Ask(SweepHome home, string begun)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            var connection = await ClusterConnection.Open(home, deadline.Token).WaitAsync(deadline.Token);
            await using (connection)
            {
                var sweeps = await connection.Reader.Resolve(begun, deadline.Token).WaitAsync(deadline.Token);
                return ["last", .. sweeps.Select(s => s.Value)];
            }
        }
        catch (Exception e) when (e is OperationCanceledException or CommandException || Transient.Is(e))
        {
            return [];
        }
    }
}
