using System.CommandLine;
using Client.LocalCluster;

namespace Client.Commands;

/// <summary>Runs the process that keeps a local cluster's silos. It is not meant for people.</summary>
internal static class SuperviseCommand
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <summary>A home that is deleted next needs no orderly end.</summary>
    private static readonly TimeSpan EphemeralPatience = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var home = new Option<string>("--home") { Required = true };
        var lifeline = new Option<bool>("--lifeline") { Description = "End when standard input does." };
        var ephemeral = new Option<bool>("--ephemeral") { Description = "Delete the home at the end." };
        var trace = Verb.TraceConsole();
        var command = new Command("supervise", "Keeps the silos of a home running.") { home, lifeline, ephemeral, trace };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) =>
            Run(new SweepHome(parsed.GetRequiredValue(home)), parsed.GetValue(lifeline), parsed.GetValue(ephemeral),
                parsed.GetValue(trace), cancellationToken));
        return command;
    }

    private static async Task<int> Run(SweepHome home, bool lifeline, bool ephemeral, bool traceConsole,
        CancellationToken cancellationToken)
    {
        Posix.LeaveSession();
        home.Create();
        using var only = new FileStream(home.SupervisorLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (lifeline) EndWithInput(stop);
        using (var supervisor = new Supervisor(home, ephemeral ? EphemeralPatience : StopPatience, traceConsole))
            await supervisor.Run(stop.Token);
        if (ephemeral) Directory.Delete(home.Path, recursive: true);
        return ExitCodes.Done;
    }

    /// <summary>Waits for the end of the input. Nobody writes to it, and it ends with the process that holds its other side.</summary>
    private static void EndWithInput(CancellationTokenSource stop)
    {
        var thread = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0) { }
            stop.Cancel();
        })
        { IsBackground = true, Name = "lifeline" };
        thread.Start();
    }
}
