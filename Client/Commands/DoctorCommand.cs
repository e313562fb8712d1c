using System.CommandLine;
using Client.Connecting;
using Client.LocalCluster;
using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class DoctorCommand
{
    private const int Looks = 5;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var format = Verb.Format();
        var command = new Command("doctor", "Says where every open trial stands and why, and what does not agree. " +
            "Exit code 0 only when all is well.") { format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var (checkup, faults) = await Look(connection, cancellationToken);
            // A change that is under way between two looks is no fault. Only what both looks show is one.
            for (int look = 1; faults.Count > 0 && look < Looks; look++)
            {
                await Task.Delay(BetweenLooks, cancellationToken);
                (checkup, var again) = await Look(connection, cancellationToken);
                faults = [.. faults.Intersect(again)];
            }

            if (parsed.GetValue(format) == Verb.Json)
            {
                var trials = checkup.Trials.Select(
                    t => new { sweep = t.Trial.Sweep.Value, trial = t.Trial.Number, state = t.State.ToString(), why = t.Why });
                Output.Json(new { well = faults.Count == 0, faults, checkup.Notes, trials });
            }
            else
            {
                foreach (string count in checkup.Counts) Output.Line(count);
                foreach (var trial in checkup.Trials) Output.Line($"{trial.Trial} {trial.State}: {trial.Why}");
                foreach (string note in checkup.Notes) Output.Line($"note {note}");
                foreach (string fault in faults) Output.Line($"FAULT {fault}");
                Output.Line(faults.Count == 0 ? "All is well." : $"{faults.Count} {(faults.Count == 1 ? "fault" : "faults")}.");
            }
            return faults.Count == 0 ? ExitCodes.Done : ExitCodes.Unwell;
        });
        return command;
    }

    private static async Task<(Checkup, List<string>)> Look(ClusterConnection connection, CancellationToken cancellationToken)
    {
        var checkup = await ClusterConnection.Ask(() => connection.Doctor.Examine(cancellationToken), cancellationToken);
        var cluster = await ClusterConnection.Ask(() => connection.Cluster.Describe(cancellationToken), cancellationToken);
        return (checkup, [.. checkup.Faults, .. Processes(connection.Home, cluster)]);
    }

    private static IEnumerable<string> Processes(SweepHome home, ClusterDescription cluster)
    {
        if (home.Trouble() is { } trouble) yield return $"storage: {trouble}.";
        if (ClusterState.Read(home) is not { } state) yield break;
        if (state.Supervisor != 0 && !state.IsSupervised)
            yield return $"supervisor {state.Supervisor}: it is gone. Run `sweep cluster up`.";
        foreach (var silo in state.Silos)
        {
            if (silo.GivenUp is { } reason) yield return $"{silo.Name}: {reason}";
            else if (!silo.IsAlive) yield return $"{silo.Name}: its process is gone.";
            else if (!cluster.Silos.Any(s => s.Name == silo.Name && s.Pid == silo.Pid && s.State == "Active"))
                yield return $"{silo.Name}: process {silo.Pid} runs but is no active member.";
        }
    }
}
