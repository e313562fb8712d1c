using System.CommandLine;
using Client.LocalCluster;
using Client.Rendering;

namespace Client.Commands;

internal static class ClusterDownCommand
{
    public static Command Create()
    {
        var command = new Command("down", "Stops the cluster. What it knows stays: after `sweep cluster up` sweeps go on where they were.");
        command.SetAction(async (_, _) =>
        {
            var home = SweepHome.Default();
            Output.Line(await LocalClusterControl.Stop(home) ? "The cluster is down." : $"No cluster runs in {home.Path}.");
            return ExitCodes.Done;
        });
        return command;
    }
}
