wc -l < "$1" > "$2/count.txt"
echo "counted $(cat "$2/count.txt")"
