using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Client;
using Microsoft.Data.Sqlite;

namespace Tests.Faults.Silos;

/// <summary>Checks what a silo does before it joins, and when the others have given it up.</summary>
public sealed class SiloTests
{
    private const int Unusable = 78, Killed = 137;

    [Theory]
    [InlineData("--slots", "0", "--slots: 0 is outside 1..1024.")]
    [InlineData("--slots", "many", "'many'")]
    [InlineData("--memory", "-5", "--memory: -5 bytes hold no training: give at least 1.")]
    [InlineData("--silo-port", "70000", "--silo-port: 70000 is outside 1..65535.")]
    [InlineData("--gateway-port", "20001", "--gateway-port: 20001 is the --silo-port too: each has an address of its own.")]
    [InlineData("--name", "../up", "--name: '../up' is no name: it is part of file names, so give 1 to 64 letters, " +
        "digits, dashes or dots.")]
    [InlineData("--otlp", "collector", "--otlp: 'collector' is no http or https address, such as http://127.0.0.1:4317.")]
    [InlineData("--otlp", "ftp://collector", "--otlp: 'ftp://collector/' is no http or https address, such as http://127.0.0.1:4317.")]
    [InlineData("--postgres", "Host=;Password=secret", "--postgres: it is no connection string that names a server (Host=…;Database=…).")]
    [InlineData("--home", "a\nb", "a?b' has a line break or another control character in it. Use a folder without.")]
    public async Task OptionThatBreaksARuleEndsTheSiloWithOneSentence(string option, string value, string sentence)
    {
        using var silo = new SiloProcess([], option, value);
        var (exitCode, output, errors) = await silo.End();
        Assert.Equal(Unusable, exitCode);
        Assert.Equal("", output);
        string said = Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.StartsWith("error: ", said, StringComparison.Ordinal);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SpansAndMetersGoToAnOtlpReceiver()
    {
        using var receiver = new TcpListener(IPAddress.Loopback, 0);
        receiver.Start();
        using var silo = new SiloProcess([], "--otlp", $"http://127.0.0.1:{((IPEndPoint)receiver.LocalEndpoint).Port}");
        await silo.HasJoined();
        // The spans that it has gathered are sent at the latest when it ends.
        var connecting = receiver.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask();
        silo.Terminate();
        using var connection = await connecting.WaitAsync(SiloProcess.Patience, TestContext.Current.CancellationToken);
        byte[] preface = new byte[24];
        await connection.GetStream().ReadExactlyAsync(preface, TestContext.Current.CancellationToken);
        Assert.StartsWith("PRI * HTTP/2.0", Encoding.ASCII.GetString(preface), StringComparison.Ordinal);
        connection.Close();
        Assert.Equal(0, (await silo.End()).ExitCode);
    }

    [Fact]
    public async Task SiloThatIsProcessOneEndsWhenItIsDeclaredDead()
    {
        using (var unshare = Process.Start(new ProcessStartInfo("unshare",
            ["--pid", "--fork", "--kill-child", "true"])
        { RedirectStandardError = true })!)
        {
            await unshare.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipUnless(unshare.ExitCode == 0, "This user may not make a PID namespace.");
        }
        using var silo = new SiloProcess(["unshare", "--pid", "--fork", "--kill-child"]);
        await silo.HasJoined();
        Assert.StartsWith("1 ", await File.ReadAllTextAsync(Path.Combine(silo.Home, "run", "silo-1.heartbeat"),
            TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using (var membership = new SqliteConnection($"Data Source={Path.Combine(silo.Home, "membership.db")};Pooling=False"))
        {
            await membership.OpenAsync(TestContext.Current.CancellationToken);
            using var declare = membership.CreateCommand();
            declare.CommandText = "UPDATE OrleansMembershipTable SET Status = 6";
            Assert.Equal(1, await declare.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }
        var (exitCode, output, errors) = await silo.End();
        Assert.True(exitCode == Killed, $"Exit code {exitCode}, not {Killed}.\n{output}\n{errors}");
        Assert.Contains("This silo ends", errors, StringComparison.Ordinal);
    }
}
