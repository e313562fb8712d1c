namespace Grains.Interfaces.Model.Specs;

/// <summary>Finds the word that a person probably meant.</summary>
public static class Nearest
{
    /// <summary>
    /// The candidate with the smallest edit distance, if it is at most a third of the word and three letters. Farther ones are no typing
    /// mistakes.
    /// </summary>
    public static string? To(string word, IEnumerable<string> candidates)
    {
        // A word of that length is no misspelled name, and the table of distances would only cost time.
        if (word.Length > 40) return null;
        string folded = Fold(word);
        return candidates.Select(c => (Word: c, Distance: Distance(folded, Fold(c))))
            .Where(c => c.Distance <= Math.Clamp(Math.Min(folded.Length, c.Word.Length) / 3, 1, 3))
            .OrderBy(c => c.Distance).ThenBy(c => c.Word, StringComparer.Ordinal)
            .Select(c => c.Word).FirstOrDefault();
    }

    // To a person batchSize, batch-size and batch_size are one word.
    private static string Fold(string word) => word.Replace("_", "").Replace("-", "").ToLowerInvariant();

    /// <summary>The distance of Damerau and Levenshtein: insert, delete, replace, or swap two neighbours.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
