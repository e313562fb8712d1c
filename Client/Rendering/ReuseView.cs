namespace Client.Rendering;

/// <summary>How much of a sweep is known already.</summary>
internal static class ReuseView
{
    /// <summary>"65 → 40 epochs to train": the sum of the budgets, and what is left of it.</summary>
    public static string Text(long asked, long toTrain) => $"{Words.Count(asked)} → {Words.Count(toTrain)} {(toTrain == 1 ? "epoch" : "epochs")} to train";
}
