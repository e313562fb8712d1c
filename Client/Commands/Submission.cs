using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Client.Connecting;
using Client.Rendering;
using Client.Telemetry;
using Grains.Interfaces;
using Grains.Interfaces.Model;

namespace Client.Commands;

/// <summary>Hands a sweep file to its coordinator, under one trace.</summary>
internal static class Submission
{
    public static readonly TimeSpan PreparationPatience = TimeSpan.FromSeconds(60);

    /// <param name="name">The sweep's, as its file gives it.</param>
    /// <param name="package">The files that the sweep's program is shipped with.</param>
    /// <param name="key">Names this submission: repeated with the same key, it is the same sweep.</param>
    public static async Task<SweepId> Submit(
        ClusterConnection connection, string name, SpecFile file, ClientTracing tracing, CancellationToken cancellationToken,
        bool noReuse = false, ForkRequest? fork = null, string? key = null, byte[]? package = null)
    {
        var id = key is null ? NewId(name) : IdOf(key);
        using (var span = ClientTracing.StartSubmit(id))
        {
            // The client makes up the ID, so a repeat after a lost answer finds the same sweep.
            var request = new SubmitRequest(file.Text, file.Folder, file.FileName, Activity.Current?.Id, noReuse, fork, package);
            await ClusterConnection.Ask(() => connection.Sweep(id).Submit(request, cancellationToken), cancellationToken);
        }
        await tracing.Send(connection, cancellationToken);
        return id;
    }

    /// <summary>
    /// Waits until the sweep is prepared. Data are read and the first checkpoints made before any trial starts, which can take longer than
    /// we wait.
    /// </summary>
    /// <exception cref="CommandException">The sweep could not start.</exception>
    /// <returns>What it is then; null when it takes longer than we wait.</returns>
    public static async Task<SweepSummary?> WaitUntilPrepared(ClusterConnection connection, SweepId id, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < PreparationPatience)
        {
            var status = await ClusterConnection.Ask(() => connection.Reader.Status(id, cancellationToken), cancellationToken);
            if (status is { State: SweepState.Failed }) throw CommandException.BadInput(status.Reason ?? "the sweep could not start.");
            if (status is { State: not SweepState.Preparing })
            {
                foreach (string note in status.Notes) Output.Warning(note);
                return status;
            }
            await Task.Delay(100, cancellationToken);
        }
        return null;
    }

    /// <summary>Returns the sweep's name as a slug, a dash, and six characters that no other sweep has.</summary>
    private static SweepId NewId(string name) =>
        new($"{Slug(name)}-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 6)}");

    /// <summary>Returns characters that depend on the key alone, so that a repeat finds the sweep that the first request made.</summary>
    private static SweepId IdOf(string key) => new($"{Slug(key)}-{Digest.Of(Encoding.UTF8.GetBytes(key)).Value[..6]}");

    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (char c in name.Trim().ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        string text = slug.ToString().Trim('-');
        if (text.Length > 40) text = text[..40].Trim('-');
        return text.Length == 0 ? "sweep" : text;
    }
}
