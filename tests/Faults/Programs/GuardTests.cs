using System.Diagnostics;
using System.Globalization;
using Grains.Programs;

namespace Tests.Faults.Programs;

/// <summary>Nothing that a program starts outlives what it was started for.</summary>
public sealed class GuardTests
{
    /// <summary>Starts a process that leaves its session and its parents, in the way of daemons, and never ends.</summary>
    private const string Daemon = """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                save(sys.argv[1] + "/daemon", f"{os.getpid()}\n")
                time.sleep(1000)
            os._exit(0)
        os.wait()
        while not os.path.exists(sys.argv[1] + "/daemon"): time.sleep(0.01)

        """;

    [Fact]
    public async Task ACancelledProgramIsAskedToEnd()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            def stop(*_):
                save(sys.argv[1] + "/stopped", "in order\n")
                sys.exit(0)
            signal.signal(signal.SIGTERM, stop)
            save(sys.argv[1] + "/begun", "yes\n")
            time.sleep(1000)
            """);
        using var cancel = new CancellationTokenSource();
        var epoch = test.Begin(loop, until: 1, cancel.Token);
        await test.Made("begun");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => epoch);
        Assert.Equal("in order", await test.Made("stopped"));
        Assert.Throws<InvalidOperationException>(() => test.Next(loop, until: 1));
    }

    [Fact]
    public async Task AProgramThatIgnoresThisIsKilled()
    {
        await using var test = new Trained();
        using var loop = test.Python("signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + Daemon + "time.sleep(1000)",
            grace: TimeSpan.FromSeconds(1));
        using var cancel = new CancellationTokenSource();
        var epoch = test.Begin(loop, until: 1, cancel.Token);
        int daemon = Number(await test.Made("daemon"));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => epoch);
        Assert.False(Directory.Exists($"/proc/{daemon}"));
    }

    [Fact]
    public async Task WhatAProgramLeavesBehindIsGoneWhenItsStateIsThere()
    {
        await using var test = new Trained();
        using var loop = test.Python(Daemon + "report(1, loss=1)");
        Assert.Equal([1], test.To(loop, until: 1));
        Assert.False(Directory.Exists($"/proc/{Number(await test.Made("daemon"))}"));
    }

    [Fact]
    public async Task DisposalKillsAtOnceAndLeavesNoFile()
    {
        await using var test = new Trained();
        var loop = test.Python(Daemon + "report(1, loss=1)\nos.mkdir('x')\nos.chmod('x', 0)\ntime.sleep(1000)");
        test.Next(loop, until: 2);
        int daemon = Number(await test.Made("daemon"));
        loop.Dispose();
        Assert.False(Directory.Exists($"/proc/{daemon}"));
        Assert.Empty(Directory.GetFileSystemEntries(test.Scratch));
    }

    /// <summary>The helper stands for a silo: it holds the guard's input, and dies without a last word.</summary>
    [Fact]
    public async Task NothingOutlivesASiloThatIsKilled()
    {
        await using var test = new Trained();
        File.WriteAllText(test.PathOf("train.py"),
            "import os, signal, sys, time\ndef save(p, t):\n    open(p, 'w').write(t)\n" + Daemon + "time.sleep(1000)");
        const string Silo = "import subprocess, sys, time; subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE); time.sleep(1000)";
        using var helper = Process.Start("python3",
            ["-c", Silo, Trained.Guard, "guard", "--memory", "0", "--", "python3", test.PathOf("train.py"), test.PathOf("")]);
        int daemon = Number(await test.Made("daemon"));
        helper.Kill();
        await test.NothingRuns();
        Assert.False(Directory.Exists($"/proc/{daemon}"));
    }

    [Fact]
    public async Task SignalsToTheGuardAreNotHeeded()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            save(sys.argv[1] + "/guard", f"{os.getppid()}\n")
            while not os.path.exists(sys.argv[1] + "/go"): time.sleep(0.01)
            report(1, loss=1)
            """);
        var epoch = test.Begin(loop, until: 1);
        int guard = Number(await test.Made("guard"));
        Processes.Interrupt(guard);
        using (var kill = Process.Start("kill", [$"{guard}"])) await kill.WaitForExitAsync();
        File.WriteAllText(test.PathOf("go"), "");
        Assert.Equal(1, (await epoch).Values.Value(0));
    }

    /// <summary>Each process of it is gone before anybody could name it.</summary>
    [Fact]
    public async Task AChainOfForksDoesNotGetAway()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            if os.fork() > 0:
                report(1, loss=1)
                os._exit(0)
            for _ in range(20_000):
                if os.fork() > 0: os._exit(0)
            time.sleep(1000)
            """);
        Assert.Equal([1], test.To(loop, until: 1));
    }

    /// <summary>Whoever loses its parent below a guard is buried by it, so that no dead process piles up.</summary>
    [Fact]
    public async Task OrphansAreBuried()
    {
        await using var test = new Trained();
        using var loop = test.Python("""
            for _ in range(100):
                if os.fork() == 0:
                    if os.fork() == 0: os._exit(0)
                    os._exit(0)
                os.wait()
            guard = os.getppid()
            def left(): return open(f"/proc/{guard}/task/{guard}/children").read().split()
            while left() != [str(os.getpid())]: time.sleep(0.01)
            report(1, loss=1)
            """);
        Assert.Equal([1], test.To(loop, until: 1));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
